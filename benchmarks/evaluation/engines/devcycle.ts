import {
  type Answer,
  alternatives,
  answerOf,
  type Comparison,
  type Definitions,
  type Flag,
  type Part,
  partsOf,
  type User,
} from '../definitions.ts';
import type { Engine } from './engine.ts';
import { peer } from './installed.ts';

interface Client {
  onClientInitialized(): Promise<unknown>;
  variableValue(user: object, key: string, fallback: Answer): Answer;
  variable(user: object, key: string, fallback: Answer): { value: Answer; eval?: { reason: string } };
  allVariables(user: object): object;
}

interface Module {
  initializeDevCycle(key: string, options: object): Client;
  DevCycleUser: new (fields: object) => object;
}

/** Its bucketing runs in WebAssembly, definitions included. */
export const devcycle: Engine<object> = {
  name: 'devcycle',
  package: '@devcycle/nodejs-server-sdk',
  outsideHeap: true,
  payload: (definitions) => JSON.stringify(configOf(definitions)),
  load: async () => {
    const { initializeDevCycle, DevCycleUser } = peer<Module>('@devcycle/nodejs-server-sdk');
    return {
      open: async (payload) => {
        const silent = () => undefined;
        const client = initializeDevCycle('dvc_server_bench', {
          disableAutomaticEventLogging: true,
          disableCustomEventLogging: true,
          disableRealTimeUpdates: true,
          configPollingIntervalMS: 2 ** 30,
          eventFlushIntervalMS: 60_000,
          logger: { error: silent, warn: silent, info: silent, debug: silent },
          configSource: {
            getConfig: async () => ({ config: JSON.parse(payload), lastModified: null, metaData: {} }),
            getConfigURL: () => 'memory',
          },
        });
        await client.onClientInitialized();
        return {
          context: ({ targetingKey, email, country, app_version, ...customData }: User) =>
            new DevCycleUser({ user_id: targetingKey, email, country, appVersion: app_version, customData }),
          asker: (flag) => {
            const fallback = answerOf(flag, flag.off);
            const { key } = flag;
            return {
              value: (user) => client.variableValue(user, key, fallback),
              details: (user) => {
                const { value, eval: why } = client.variable(user, key, fallback);
                return why === undefined ? undefined : value;
              },
            };
          },
          all: (user) => client.allVariables(user),
        };
      },
    };
  },
};

/** Ids of 24 hexadecimal digits, as its documents have them. */
function idOf(kind: number, number: number): string {
  return `${kind.toString(16).padStart(4, '0')}${number.toString(16).padStart(20, '0')}`;
}

function configOf(definitions: Definitions) {
  const { flags } = definitions;
  return {
    project: {
      _id: idOf(1, 0),
      key: 'bench',
      a0_organization: 'bench',
      settings: { edgeDB: { enabled: false }, disablePassthroughRollouts: true },
    },
    environment: { _id: idOf(2, 0), key: 'production' },
    features: flags.flatMap((flag, number) => (flag.enabled ? [featureOf(flag, number, definitions)] : [])),
    variables: flags.map((flag, number) => ({
      _id: idOf(3, number),
      key: flag.key,
      type: flag.type === 'boolean' ? 'Boolean' : 'String',
    })),
    audiences: {},
    variableHashes: Object.fromEntries(flags.map((flag, number) => [flag.key, number])),
  };
}

function featureOf(flag: Flag, number: number, definitions: Definitions) {
  const variation = (variant: string) => idOf(4, number * 8 + flag.variants.indexOf(variant));
  const distribution = (parts: readonly Part[]) =>
    parts.map(({ variant, percentage }) => ({ _variation: variation(variant), percentage: percentage / 100 }));
  const rules = flag.rules.flatMap(({ when, variant }) =>
    alternatives(when, definitions).map((comparisons) => ({
      filters: comparisons.map(filterOf),
      parts: [{ variant, percentage: 100 }],
    })),
  );
  const targets = [...rules, { filters: [{ type: 'all' }], parts: partsOf(flag.otherwise) }];
  return {
    _id: idOf(5, number),
    type: 'release',
    key: flag.key,
    variations: flag.variants.map((variant) => ({
      _id: variation(variant),
      name: variant,
      key: variant,
      variables: [{ _var: idOf(3, number), value: answerOf(flag, variant) }],
    })),
    configuration: {
      _id: idOf(6, number),
      targets: targets.map(({ filters, parts }, index) => ({
        _id: idOf(7, number * 16 + index),
        _audience: { _id: idOf(8, number * 16 + index), filters: { operator: 'and', filters } },
        distribution: distribution(parts),
      })),
      forcedUsers: {},
    },
  };
}

const KNOWN: Readonly<Record<string, string>> = {
  targetingKey: 'user_id',
  email: 'email',
  country: 'country',
  app_version: 'appVersion',
};

function filterOf(comparison: Comparison) {
  const subType = KNOWN[comparison.attribute];
  const dataKeyType = comparison.operator === 'above' ? 'Number' : 'String';
  const place =
    subType === undefined ? { subType: 'customData', dataKey: comparison.attribute, dataKeyType } : { subType };
  switch (comparison.operator) {
    case 'in':
      return { type: 'user', ...place, comparator: '=', values: comparison.values };
    case 'ends_with':
      return { type: 'user', ...place, comparator: 'endWith', values: [comparison.value] };
    case 'above':
    case 'semver_above':
      return { type: 'user', ...place, comparator: '>', values: [comparison.value] };
  }
}
