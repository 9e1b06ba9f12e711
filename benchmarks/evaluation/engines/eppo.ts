import {
  alternatives,
  answerOf,
  type Comparison,
  type Definitions,
  type Flag,
  partsOf,
  type User,
} from '../definitions.ts';
import type { Engine } from './engine.ts';
import { peer } from './installed.ts';

interface Details<T> {
  variation: T;
  evaluationDetails: { flagEvaluationCode: string; variationKey: string | null };
}

interface Client {
  setIsGracefulFailureMode(graceful: boolean): void;
  getBooleanAssignment(key: string, subject: string, attributes: object, fallback: boolean): boolean;
  getStringAssignment(key: string, subject: string, attributes: object, fallback: string): string;
  getBooleanAssignmentDetails(key: string, subject: string, attributes: object, fallback: boolean): Details<boolean>;
  getStringAssignmentDetails(key: string, subject: string, attributes: object, fallback: string): Details<string>;
}

interface Store {
  setEntries(entries: object): Promise<unknown>;
}

/** The client that the Node SDK makes after it has fetched its configuration. */
interface Module {
  EppoClient: new (options: object) => Client;
  MemoryOnlyConfigurationStore: new () => Store;
  applicationLogger: { level: string };
}

interface Context {
  subject: string;
  attributes: Record<string, string | number>;
}

const SHARDS = 10_000;
const SHARDS_PER_PERCENT = SHARDS / 100;

export const eppo: Engine<Context> = {
  name: 'eppo',
  package: '@eppo/node-server-sdk',
  payload: (definitions) => JSON.stringify(configurationOf(definitions)),
  load: async () => {
    peer('@eppo/node-server-sdk');
    const { EppoClient, MemoryOnlyConfigurationStore, applicationLogger } = peer<Module>('@eppo/js-client-sdk-common');
    applicationLogger.level = 'silent';
    return {
      open: async (payload) => {
        const store = new MemoryOnlyConfigurationStore();
        const client = new EppoClient({ flagConfigurationStore: store });
        client.setIsGracefulFailureMode(true);
        await store.setEntries(JSON.parse(payload).flags);
        return {
          context: ({ targetingKey, ...attributes }: User) => ({ subject: targetingKey, attributes }),
          asker: ({ key, type }) =>
            type === 'boolean'
              ? {
                  value: ({ subject, attributes }) => client.getBooleanAssignment(key, subject, attributes, false),
                  details: ({ subject, attributes }) =>
                    keyOf(client.getBooleanAssignmentDetails(key, subject, attributes, false)),
                }
              : {
                  value: ({ subject, attributes }) => client.getStringAssignment(key, subject, attributes, ''),
                  details: ({ subject, attributes }) =>
                    keyOf(client.getStringAssignmentDetails(key, subject, attributes, '')),
                },
        };
      },
    };
  },
};

function keyOf({ variation, evaluationDetails }: Details<unknown>): unknown {
  return evaluationDetails.flagEvaluationCode === 'MATCH' ? evaluationDetails.variationKey : variation;
}

function configurationOf(definitions: Definitions) {
  return {
    createdAt: '2026-01-01T00:00:00.000Z',
    format: 'SERVER',
    environment: { name: 'bench' },
    flags: Object.fromEntries(definitions.flags.map((flag) => [flag.key, flagOf(flag, definitions)])),
  };
}

function flagOf(flag: Flag, definitions: Definitions) {
  const rules = flag.rules.map(({ id, when, variant }) => ({
    key: id,
    rules: alternatives(when, definitions).map((comparisons) => ({ conditions: comparisons.map(conditionOf) })),
    splits: [{ variationKey: variant, shards: [] }],
    doLog: false,
  }));
  return {
    key: flag.key,
    enabled: flag.enabled,
    variationType: flag.type === 'boolean' ? 'BOOLEAN' : 'STRING',
    variations: Object.fromEntries(
      flag.variants.map((variant) => [variant, { key: variant, value: answerOf(flag, variant) }]),
    ),
    allocations: [...rules, { key: 'otherwise', splits: splitsOf(flag), doLog: false }],
    totalShards: SHARDS,
  };
}

function splitsOf(flag: Flag) {
  const parts = partsOf(flag.otherwise);
  let start = 0;
  return parts.map(({ variant, percentage }) => {
    const end = start + percentage * SHARDS_PER_PERCENT;
    const shards = parts.length > 1 ? [{ salt: flag.key, ranges: [{ start, end }] }] : [];
    start = end;
    return { variationKey: variant, shards };
  });
}

function conditionOf(comparison: Comparison) {
  const attribute = comparison.attribute === 'targetingKey' ? 'id' : comparison.attribute;
  switch (comparison.operator) {
    case 'in':
      return { attribute, operator: 'ONE_OF', value: comparison.values };
    case 'ends_with':
      return { attribute, operator: 'MATCHES', value: `${comparison.value.replaceAll('.', '\\.')}$` };
    case 'above':
    case 'semver_above':
      return { attribute, operator: 'GT', value: comparison.value };
  }
}
