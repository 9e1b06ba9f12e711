import {
  alternatives,
  type Comparison,
  type Definitions,
  type Flag,
  type Part,
  partsOf,
  type User,
} from '../definitions.ts';
import type { Engine } from './engine.ts';
import { peer } from './installed.ts';

interface Gate {
  value: boolean;
  ruleID: string;
}

interface Config {
  value: Record<string, unknown>;
  ruleID: string;
}

interface Client {
  initialize(): Promise<{ isSuccess: boolean; error?: string }>;
  checkGate(user: object, name: string, options: object): boolean;
  getFeatureGate(user: object, name: string, options: object): Gate;
  getDynamicConfig(user: object, name: string, options: object): Config;
}

interface Module {
  Statsig: new (key: string, options: object) => Client;
  StatsigUser: new (fields: object) => object;
}

const QUIET = { disableExposureLogging: true };
/** Buckets of its `user_bucket` condition. */
const BUCKETS_PER_PERCENT = 10;

export const statsig: Engine<object> = {
  name: 'statsig',
  package: '@statsig/statsig-node-core',
  outsideHeap: true,
  payload: (definitions) => JSON.stringify(specsOf(definitions)),
  load: async () => {
    const { Statsig, StatsigUser } = peer<Module>('@statsig/statsig-node-core');
    return {
      open: async (payload) => {
        const client = new Statsig('secret-bench', {
          disableNetwork: true,
          disableAllLogging: true,
          disableCountryLookup: true,
          outputLogLevel: 'none',
          dataStore: {
            initialize: async () => undefined,
            get: async () => ({ result: payload, time: 1 }),
            set: async () => undefined,
            shutdown: async () => undefined,
          },
        });
        const { isSuccess, error } = await client.initialize();
        if (!isSuccess) throw new Error(error);
        return {
          context: ({ targetingKey, email, country, app_version, ...custom }: User) =>
            new StatsigUser({ userID: targetingKey, email, country, appVersion: app_version, custom }),
          asker: ({ key, type }) =>
            type === 'boolean'
              ? {
                  value: (user) => client.checkGate(user, key, QUIET),
                  details: (user) => {
                    const { value, ruleID } = client.getFeatureGate(user, key, QUIET);
                    return ruleID === '' ? undefined : value;
                  },
                }
              : {
                  value: (user) => String(client.getDynamicConfig(user, key, QUIET).value.variant),
                  details: (user) => client.getDynamicConfig(user, key, QUIET).ruleID,
                },
        };
      },
    };
  },
};

function specsOf(definitions: Definitions) {
  const conditions: Record<string, object> = { public: conditionOf('public', null, null, null) };
  const gates: Record<string, object> = {};
  const configs: Record<string, object> = {};
  for (const flag of definitions.flags) {
    (flag.type === 'boolean' ? gates : configs)[flag.key] = specOf(flag, definitions, conditions);
  }
  return {
    has_updates: true,
    time: 1,
    company_id: 'bench',
    feature_gates: gates,
    dynamic_configs: configs,
    layer_configs: {},
    condition_map: conditions,
    param_stores: {},
    experiment_to_layer: {},
  };
}

function specOf(flag: Flag, definitions: Definitions, conditions: Record<string, object>) {
  const named = (name: string, condition: object) => {
    conditions[name] = condition;
    return name;
  };
  const rules = flag.rules.flatMap(({ id, when, variant }) =>
    alternatives(when, definitions).map((comparisons, index) =>
      ruleOf(
        flag,
        `${id}-${index}`,
        comparisons.map((each) => named(JSON.stringify(each), comparisonOf(each))),
        variant,
      ),
    ),
  );
  return {
    type: flag.type === 'boolean' ? 'feature_gate' : 'dynamic_config',
    entity: flag.type === 'boolean' ? 'feature_gate' : 'dynamic_config',
    salt: flag.key,
    enabled: flag.enabled,
    defaultValue: flag.type === 'boolean' ? false : { variant: flag.off },
    // A gate that is off travels without rules.
    rules: flag.enabled ? [...rules, ...otherwise(flag, partsOf(flag.otherwise), named)] : [],
    isDeviceBased: false,
    idType: 'userID',
    version: 1,
  };
}

function otherwise(flag: Flag, parts: readonly Part[], named: (name: string, condition: object) => string): object[] {
  if (flag.type === 'boolean') {
    const on = parts.find(({ variant }) => variant === 'true')?.percentage ?? 0;
    return on === 0 ? [] : [ruleOf(flag, 'otherwise', ['public'], 'true', on)];
  }
  let end = 0;
  return parts.map(({ variant, percentage }) => {
    end += percentage * BUCKETS_PER_PERCENT;
    const bucket = conditionOf('user_bucket', 'lt', 'user_bucket', end, { salt: flag.key });
    return ruleOf(flag, `otherwise-${variant}`, [named(`${flag.key} below ${end}`, bucket)], variant);
  });
}

function ruleOf(flag: Flag, id: string, conditions: readonly string[], variant: string, passPercentage = 100) {
  return {
    name: id,
    id,
    salt: id,
    passPercentage,
    conditions,
    returnValue: flag.type === 'boolean' ? variant === 'true' : { variant },
    idType: 'userID',
    isDeviceBased: false,
  };
}

function conditionOf(
  type: string,
  operator: string | null,
  field: string | null,
  targetValue: unknown,
  additionalValues: object = {},
) {
  return { type, operator, field, targetValue, additionalValues, isDeviceBased: false, idType: 'userID' };
}

function comparisonOf(comparison: Comparison) {
  const { attribute } = comparison;
  if (comparison.operator === 'in' && attribute === 'targetingKey') {
    return conditionOf('unit_id', 'any', 'userID', comparison.values);
  }
  const field = attribute === 'app_version' ? 'appVersion' : attribute;
  switch (comparison.operator) {
    case 'in':
      return conditionOf('user_field', 'any', field, comparison.values);
    case 'ends_with':
      return conditionOf('user_field', 'str_ends_with_any', field, [comparison.value]);
    case 'above':
      return conditionOf('user_field', 'gt', field, comparison.value);
    case 'semver_above':
      return conditionOf('user_field', 'version_gt', field, comparison.value);
  }
}
