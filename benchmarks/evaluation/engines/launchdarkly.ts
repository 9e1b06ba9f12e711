import {
  answerOf,
  type Comparison,
  type Condition,
  type Definitions,
  type Flag,
  partsOf,
  type Segment,
  type User,
} from '../definitions.ts';
import type { Engine } from './engine.ts';
import { peer } from './installed.ts';

interface Client {
  waitForInitialization(options: { timeout: number }): Promise<unknown>;
  boolVariation(key: string, context: Context, fallback: boolean): Promise<boolean>;
  stringVariation(key: string, context: Context, fallback: string): Promise<string>;
  variationDetail(key: string, context: Context, fallback: unknown): Promise<Detail>;
  allFlagsState(context: Context): Promise<{ allValues(): object }>;
}

interface Detail {
  value: boolean | string;
  variationIndex?: number | null;
  reason: { kind: string };
}

interface Module {
  init(key: string, options: object): Client;
}

interface TestData {
  getFactory(): unknown;
  usePreconfiguredFlag(flag: object): Promise<unknown>;
  usePreconfiguredSegment(segment: object): Promise<unknown>;
}

interface Context {
  kind: 'user';
  key: string;
  [attribute: string]: string | number;
}

export const launchdarkly: Engine<Context> = {
  name: 'launchdarkly',
  package: '@launchdarkly/node-server-sdk',
  waits: true,
  payload: (definitions) => JSON.stringify(dataOf(definitions)),
  load: async () => {
    const { init } = peer<Module>('@launchdarkly/node-server-sdk');
    const { TestData } = peer<{ TestData: new () => TestData }>('@launchdarkly/node-server-sdk/integrations');
    return {
      open: async (payload) => {
        const { flags, segments }: ReturnType<typeof dataOf> = JSON.parse(payload);
        const data = new TestData();
        for (const segment of segments) void data.usePreconfiguredSegment(segment);
        for (const flag of flags) void data.usePreconfiguredFlag(flag);
        const silent = () => undefined;
        const client = init('sdk-key', {
          updateProcessor: data.getFactory(),
          sendEvents: false,
          diagnosticOptOut: true,
          logger: { error: silent, warn: silent, info: silent, debug: silent },
        });
        await client.waitForInitialization({ timeout: 5 });
        return {
          context: ({ targetingKey, ...attributes }: User) => ({ kind: 'user', key: targetingKey, ...attributes }),
          asker: ({ key, type }) => ({
            value:
              type === 'boolean'
                ? (context) => client.boolVariation(key, context, false)
                : (context) => client.stringVariation(key, context, ''),
            details: async (context) => {
              const { value, variationIndex, reason } = await client.variationDetail(key, context, undefined);
              return variationIndex !== undefined && reason.kind !== 'ERROR' ? value : undefined;
            },
          }),
          all: (context) => client.allFlagsState(context),
        };
      },
    };
  },
};

function dataOf({ flags, segments }: Definitions) {
  return { flags: flags.map(flagOf), segments: segments.map(segmentOf) };
}

function flagOf(flag: Flag) {
  const at = (variant: string) => flag.variants.indexOf(variant);
  return {
    key: flag.key,
    version: 1,
    on: flag.enabled,
    salt: flag.key,
    variations: flag.variants.map((variant) => answerOf(flag, variant)),
    offVariation: at(flag.off),
    targets: [],
    prerequisites: [],
    rules: flag.rules.map(({ id, when, variant }) => ({ id, clauses: when.map(clauseOf), variation: at(variant) })),
    fallthrough:
      'variant' in flag.otherwise
        ? { variation: at(flag.otherwise.variant) }
        : {
            rollout: {
              variations: partsOf(flag.otherwise).map(({ variant, percentage }) => ({
                variation: at(variant),
                weight: percentage * 1_000,
              })),
            },
          },
    trackEvents: false,
  };
}

function segmentOf({ key, ids, rules }: Segment) {
  return {
    key,
    version: 1,
    salt: key,
    included: ids,
    excluded: [],
    rules: rules.map((rule, index) => ({ id: `${key}-${index}`, clauses: rule.map(clauseOf) })),
  };
}

function clauseOf(condition: Condition) {
  if ('segment' in condition) return { attribute: '', op: 'segmentMatch', values: [condition.segment], negate: false };
  return { attribute: condition.attribute, negate: false, contextKind: 'user', ...operatorOf(condition) };
}

function operatorOf(comparison: Comparison) {
  switch (comparison.operator) {
    case 'in':
      return { op: 'in', values: comparison.values };
    case 'ends_with':
      return { op: 'endsWith', values: [comparison.value] };
    case 'above':
      return { op: 'greaterThan', values: [comparison.value] };
    case 'semver_above':
      return { op: 'semVerGreaterThan', values: [comparison.value] };
  }
}
