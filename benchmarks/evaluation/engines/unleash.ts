import { type Comparison, type Condition, type Definitions, type Flag, partsOf, type User } from '../definitions.ts';
import type { Engine } from './engine.ts';
import { peer } from './installed.ts';

interface Unleash {
  on(event: string, listener: (problem: unknown) => void): void;
  start(): Promise<void>;
  isEnabled(name: string, context: Context): boolean;
  getVariant(name: string, context: Context): { name: string };
}

interface Module {
  Unleash: new (options: object) => Unleash;
  InMemStorageProvider: new () => object;
}

interface Context {
  userId: string;
  properties: Record<string, string | number>;
}

export const unleash: Engine<Context> = {
  name: 'unleash',
  package: 'unleash-client',
  payload: (definitions) => JSON.stringify(featuresOf(definitions)),
  load: async () => {
    const { Unleash, InMemStorageProvider } = peer<Module>('unleash-client');
    return {
      open: async (payload) => {
        const client = new Unleash({
          appName: 'bench',
          url: 'http://127.0.0.1:9/',
          refreshInterval: 0,
          disableMetrics: true,
          disableAutoStart: true,
          skipInstanceCountWarning: true,
          storageProvider: new InMemStorageProvider(),
          bootstrap: { bootstrapProvider: { readBootstrap: async () => JSON.parse(payload) } },
        });
        for (const event of ['error', 'warn']) client.on(event, () => undefined);
        const ready = new Promise((resolve) => client.on('ready', resolve));
        void client.start();
        await ready;
        return {
          context: ({ targetingKey, ...properties }: User) => ({ userId: targetingKey, properties }),
          asker: ({ key, type }) =>
            type === 'boolean'
              ? { value: (context) => client.isEnabled(key, context) }
              : { value: (context) => client.getVariant(key, context).name },
        };
      },
    };
  },
};

function featuresOf(definitions: Definitions) {
  const features = definitions.flags.map((flag) => ({
    name: flag.key,
    type: 'release',
    enabled: flag.enabled,
    strategies: [
      ...flag.rules.flatMap(({ when, variant }) =>
        alternatives(when, definitions).map((one) => strategy(flag, one, variant)),
      ),
      ...otherwise(flag),
    ],
  }));
  const segments = definitions.segments.map(({ number, ids }) => ({
    id: number,
    constraints: [{ contextName: 'userId', operator: 'IN', values: ids, inverted: false }],
  }));
  return { version: 2, features, segments };
}

interface Alternative {
  readonly segments: readonly number[];
  readonly constraints: readonly object[];
}

/** A segment here is a list of constraints that all must hold: "listed, or one of these rules" takes a strategy each. */
function alternatives(when: readonly Condition[], definitions: Definitions): Alternative[] {
  const [first] = when;
  if (first === undefined || !('segment' in first)) {
    return [{ segments: [], constraints: when.flatMap((each) => ('segment' in each ? [] : [constraintOf(each)])) }];
  }
  const segment = definitions.segments.find(({ key }) => key === first.segment);
  const rules = segment?.rules.map((rule) => ({ segments: [], constraints: rule.map(constraintOf) })) ?? [];
  return [{ segments: [segment?.number ?? 0], constraints: [] }, ...rules];
}

function strategy(flag: Flag, { segments, constraints }: Alternative, variant: string) {
  const variants = [{ name: variant, weight: 1000, stickiness: 'default' }];
  return rolledOut(flag, 100, flag.type === 'string' ? variants : [], segments, constraints);
}

function otherwise(flag: Flag): object[] {
  const parts = partsOf(flag.otherwise);
  if (flag.type === 'boolean') {
    const on = parts.find(({ variant }) => variant === 'true')?.percentage ?? 0;
    return on === 0 ? [] : on === 100 ? [{ name: 'default', parameters: {}, constraints: [] }] : [rolledOut(flag, on)];
  }
  const variants = parts.map(({ variant, percentage }) => ({
    name: variant,
    weight: percentage * 10,
    stickiness: 'default',
  }));
  return [rolledOut(flag, 100, variants)];
}

function rolledOut(
  flag: Flag,
  rollout: number,
  variants: readonly object[] = [],
  segments: readonly number[] = [],
  constraints: readonly object[] = [],
) {
  const parameters = { rollout: String(rollout), stickiness: 'default', groupId: flag.key };
  return { name: 'flexibleRollout', parameters, variants, segments, constraints };
}

function constraintOf(comparison: Comparison) {
  const { attribute } = comparison;
  const base = { contextName: attribute === 'targetingKey' ? 'userId' : attribute, inverted: false };
  switch (comparison.operator) {
    case 'in':
      return { ...base, operator: 'IN', values: comparison.values };
    case 'ends_with':
      return { ...base, operator: 'STR_ENDS_WITH', values: [comparison.value] };
    case 'above':
      return { ...base, operator: 'NUM_GT', values: [], value: comparison.value };
    case 'semver_above':
      return { ...base, operator: 'SEMVER_GT', values: [], value: comparison.value };
  }
}
