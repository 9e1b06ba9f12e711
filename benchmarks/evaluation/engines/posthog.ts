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

interface Options {
  onlyEvaluateLocally: true;
  sendFeatureFlagEvents: false;
  disableGeoip: true;
  personProperties: Record<string, string>;
}

interface Client {
  isFeatureEnabled(key: string, user: string, options: Options): Promise<boolean | undefined>;
  getFeatureFlag(key: string, user: string, options: Options): Promise<Answer | undefined>;
  getAllFlags(user: string, options: Options): Promise<object>;
  waitForLocalEvaluationReady(): Promise<boolean>;
}

interface Module {
  PostHog: new (key: string, options: object) => Client;
}

interface Context {
  user: string;
  options: Options;
}

export const posthog: Engine<Context> = {
  name: 'posthog',
  package: 'posthog-node',
  waits: true,
  payload: (definitions) => JSON.stringify(definitionsOf(definitions)),
  load: async () => {
    const { PostHog } = peer<Module>('posthog-node');
    return {
      open: async (payload) => {
        const client = new PostHog('bench', {
          host: 'http://127.0.0.1:9',
          // A reader of a cache never fetches by itself.
          flagDefinitionCacheProvider: {
            getFlagDefinitions: () => JSON.parse(payload),
            shouldFetchFlagDefinitions: () => false,
            onFlagDefinitionsReceived: () => undefined,
            shutdown: () => undefined,
          },
          featureFlagsPollingInterval: 2 ** 30,
        });
        await client.waitForLocalEvaluationReady();
        return {
          context: ({ targetingKey, ...properties }: User) => {
            const personProperties: Record<string, string> = { id: targetingKey };
            for (const [name, value] of Object.entries(properties)) personProperties[name] = String(value);
            const options = {
              onlyEvaluateLocally: true,
              sendFeatureFlagEvents: false,
              disableGeoip: true,
              personProperties,
            };
            return { user: targetingKey, options: options as Options };
          },
          asker: ({ key }) => ({ value: ({ user, options }) => client.getFeatureFlag(key, user, options) }),
          all: ({ user, options }) => client.getAllFlags(user, options),
          answerIn: (all, { key }) => answerAmong(all, key),
        };
      },
    };
  },
};

function answerAmong(all: unknown, key: string): Answer | undefined {
  const answer: unknown = typeof all === 'object' && all !== null ? Reflect.get(all, key) : undefined;
  return typeof answer === 'boolean' || typeof answer === 'string' ? answer : undefined;
}

function definitionsOf(definitions: Definitions) {
  return {
    flags: definitions.flags.map((flag, index) => flagOf(flag, index + 1, definitions)),
    groupTypeMapping: {},
    cohorts: {},
  };
}

function flagOf(flag: Flag, id: number, definitions: Definitions) {
  const groups: object[] = flag.rules.flatMap(({ when, variant }) =>
    alternatives(when, definitions).map((comparisons) => ({
      properties: comparisons.map(propertyOf),
      ...(flag.type === 'string' ? { variant } : {}),
    })),
  );
  const parts = partsOf(flag.otherwise);
  const on = flag.type === 'string' ? 100 : (parts.find(({ variant }) => variant === 'true')?.percentage ?? 0);
  // Without a percentage nothing is hashed, which takes it a hundred times as long as all the rest.
  if (on > 0) groups.push({ properties: [], ...(on < 100 ? { rollout_percentage: on } : {}) });
  const variants = parts.map(({ variant, percentage }) => ({ key: variant, rollout_percentage: percentage }));
  return {
    id,
    name: flag.key,
    key: flag.key,
    active: flag.enabled,
    is_simple_flag: false,
    rollout_percentage: null,
    ensure_experience_continuity: false,
    filters: { groups, ...(flag.type === 'string' ? { multivariate: { variants } } : {}), payloads: {} },
  };
}

function propertyOf(comparison: Comparison) {
  const base = { key: comparison.attribute === 'targetingKey' ? 'id' : comparison.attribute, type: 'person' };
  switch (comparison.operator) {
    case 'in':
      return { ...base, operator: 'exact', value: comparison.values };
    case 'ends_with':
      return { ...base, operator: 'regex', value: `${comparison.value.replaceAll('.', '\\.')}$` };
    case 'above':
      return { ...base, operator: 'gt', value: String(comparison.value) };
    case 'semver_above':
      return { ...base, operator: 'semver_gt', value: comparison.value };
  }
}
