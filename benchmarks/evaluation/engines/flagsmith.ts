import {
  type Answer,
  alternatives,
  type Comparison,
  type Definitions,
  type Flag,
  partsOf,
  type User,
} from '../definitions.ts';
import type { Engine } from './engine.ts';
import { peer } from './installed.ts';

interface Flags {
  isFeatureEnabled(name: string): boolean;
  getFeatureValue(name: string): unknown;
}

interface Client {
  getEnvironment(): Promise<unknown>;
  getIdentityFlags(identifier: string, traits: object): Promise<Flags>;
}

interface Module {
  Flagsmith: new (options: object) => Client;
}

interface Context {
  identifier: string;
  traits: Record<string, string | number>;
}

/** Always answers for every flag of the environment at once. */
export const flagsmith: Engine<Context> = {
  name: 'flagsmith',
  package: 'flagsmith-nodejs',
  waits: true,
  payload: (definitions) => JSON.stringify(documentOf(definitions)),
  load: async () => {
    const { Flagsmith } = peer<Module>('flagsmith-nodejs');
    return {
      open: async (payload) => {
        const silent = () => undefined;
        const client = new Flagsmith({
          environmentKey: 'ser.bench',
          enableLocalEvaluation: true,
          environmentRefreshIntervalSeconds: 2 ** 20,
          fetch: async () => new Response(payload),
          logger: { error: silent, warn: silent, info: silent, debug: silent },
        });
        await client.getEnvironment();
        const answerIn = (flags: unknown, { key, type }: Flag): Answer | undefined => {
          if (!isFlags(flags)) return undefined;
          return type === 'boolean' ? flags.isFeatureEnabled(key) : String(flags.getFeatureValue(key));
        };
        const all = ({ identifier, traits }: Context) => client.getIdentityFlags(identifier, traits);
        return {
          context: ({ targetingKey, ...traits }: User) => ({
            identifier: targetingKey,
            traits: { id: targetingKey, ...traits },
          }),
          asker: (flag) => ({ value: async (context) => answerIn(await all(context), flag) }),
          all,
          answerIn,
        };
      },
    };
  },
};

function isFlags(value: unknown): value is Flags {
  return typeof value === 'object' && value !== null && 'isFeatureEnabled' in value;
}

function documentOf(definitions: Definitions) {
  let segmentId = 0;
  const segments = definitions.flags.flatMap((flag, number) =>
    overridesOf(flag, definitions).map(({ rules, variant }, priority) => {
      segmentId += 1;
      return {
        id: segmentId,
        name: `${flag.key}-${priority}`,
        rules,
        feature_states: [{ ...stateOf(flag, number, variant), feature_segment: { priority } }],
      };
    }),
  );
  return {
    id: 1,
    api_key: 'ser.bench',
    name: 'bench',
    project: {
      id: 1,
      name: 'bench',
      hide_disabled_flags: false,
      organisation: {
        id: 1,
        name: 'bench',
        feature_analytics: false,
        stop_serving_flags: false,
        persist_trait_data: false,
      },
      segments,
    },
    feature_states: definitions.flags.map((flag, number) => baseOf(flag, number)),
    identity_overrides: [],
  };
}

function overridesOf(flag: Flag, definitions: Definitions) {
  if (!flag.enabled) return [];
  const overrides = flag.rules.flatMap(({ when, variant }) =>
    alternatives(when, definitions).map((comparisons) => ({ variant, rules: [allOf(comparisons.map(conditionOf))] })),
  );
  const parts = partsOf(flag.otherwise);
  const on = parts.find(({ variant }) => variant === 'true')?.percentage ?? 0;
  if (flag.type === 'boolean' && on > 0 && on < 100) {
    const split = { operator: 'PERCENTAGE_SPLIT', value: String(on), property_: '' };
    overrides.push({ variant: 'true', rules: [allOf([split])] });
  }
  return overrides;
}

function allOf(conditions: readonly object[]) {
  return { type: 'ALL', conditions: [], rules: [{ type: 'ALL', conditions, rules: [] }] };
}

function baseOf(flag: Flag, number: number) {
  const parts = partsOf(flag.otherwise);
  if (flag.type === 'boolean' || !flag.enabled) {
    const fixed = parts.length === 1 ? parts[0]?.variant : undefined;
    return stateOf(flag, number, flag.enabled ? (fixed ?? 'false') : flag.off);
  }
  return {
    ...stateOf(flag, number, flag.off),
    multivariate_feature_state_values: parts.map(({ variant, percentage }, index) => ({
      id: number * 8 + index + 1,
      mv_fs_value_uuid: `00000000-0000-4000-8000-${String(number * 8 + index).padStart(12, '0')}`,
      percentage_allocation: percentage,
      multivariate_feature_option: { id: index + 1, value: variant },
    })),
  };
}

function stateOf(flag: Flag, number: number, variant: string) {
  return {
    django_id: number + 1,
    feature: { id: number + 1, name: flag.key, type: flag.type === 'boolean' ? 'STANDARD' : 'MULTIVARIATE' },
    enabled: flag.type === 'boolean' ? variant === 'true' : true,
    feature_state_value: flag.type === 'boolean' ? null : variant,
    featurestate_uuid: `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`,
    multivariate_feature_state_values: [],
  };
}

function conditionOf(comparison: Comparison) {
  const property_ = comparison.attribute === 'targetingKey' ? 'id' : comparison.attribute;
  switch (comparison.operator) {
    case 'in':
      return { property_, operator: 'IN', value: comparison.values.join(',') };
    case 'ends_with':
      return { property_, operator: 'REGEX', value: `.*${comparison.value.replaceAll('.', '\\.')}$` };
    case 'above':
      return { property_, operator: 'GREATER_THAN', value: String(comparison.value) };
    case 'semver_above':
      return { property_, operator: 'GREATER_THAN', value: `${comparison.value}:semver` };
  }
}
