import {
  answerOf,
  type Comparison,
  type Condition,
  type Definitions,
  type Flag,
  partsOf,
  type User,
} from '../definitions.ts';
import type { Engine } from './engine.ts';
import { peer } from './installed.ts';

interface Resolution<T> {
  value: T;
  reason?: string;
  variant?: string;
}

interface Core {
  setConfigurations(configuration: string): unknown;
  resolveBooleanEvaluation(key: string, fallback: boolean, context: User): Resolution<boolean>;
  resolveStringEvaluation(key: string, fallback: string, context: User): Resolution<string>;
  resolveAll(context: User): readonly Resolution<unknown>[];
}

interface Module {
  FlagdCore: new (storage: undefined, logger: object) => Core;
}

export const flagd: Engine<User> = {
  name: 'flagd',
  package: '@openfeature/flagd-core',
  payload: (definitions) => JSON.stringify(configurationOf(definitions)),
  load: async () => {
    const { FlagdCore } = peer<Module>('@openfeature/flagd-core');
    return {
      open: async (payload) => {
        const silent = () => undefined;
        const core = new FlagdCore(undefined, { error: silent, warn: silent, info: silent, debug: silent });
        core.setConfigurations(payload);
        return {
          context: (user) => user,
          asker: ({ key, type }) => {
            const resolve =
              type === 'boolean'
                ? (user: User) => core.resolveBooleanEvaluation(key, false, user)
                : (user: User) => core.resolveStringEvaluation(key, '', user);
            return {
              value: (user) => resolve(user).value,
              details: (user) => {
                const { value, reason, variant } = resolve(user);
                return reason === 'ERROR' ? undefined : (variant ?? value);
              },
            };
          },
          all: (user) => core.resolveAll(user),
        };
      },
    };
  },
};

function configurationOf(definitions: Definitions) {
  return { flags: Object.fromEntries(definitions.flags.map((flag) => [flag.key, flagOf(flag, definitions)])) };
}

function flagOf(flag: Flag, definitions: Definitions) {
  const parts = partsOf(flag.otherwise);
  const last =
    parts.length === 1 ? parts[0]?.variant : { fractional: parts.map((part) => [part.variant, part.percentage]) };
  const targeting = flag.rules.toReversed().reduce<unknown>(
    (otherwise, { when, variant }) => ({
      if: [allOf(when.map((condition) => conditionOf(condition, definitions))), variant, otherwise],
    }),
    last,
  );
  return {
    // A flag that is off answers with the caller's default, which is `false` in this benchmark.
    state: flag.enabled ? 'ENABLED' : 'DISABLED',
    variants: Object.fromEntries(flag.variants.map((variant) => [variant, answerOf(flag, variant)])),
    defaultVariant: parts[0]?.variant ?? flag.off,
    ...(typeof targeting === 'string' ? {} : { targeting }),
  };
}

function conditionOf(condition: Condition, { segments }: Definitions): unknown {
  if (!('segment' in condition)) return comparisonOf(condition);
  const segment = segments.find(({ key }) => key === condition.segment);
  const listed = { in: [{ var: 'targetingKey' }, segment?.ids ?? []] };
  return { or: [listed, ...(segment?.rules.map((rule) => allOf(rule.map(comparisonOf))) ?? [])] };
}

function allOf(conditions: readonly unknown[]): unknown {
  return conditions.length === 1 ? conditions[0] : { and: conditions };
}

function comparisonOf(comparison: Comparison): unknown {
  const actual = { var: comparison.attribute };
  switch (comparison.operator) {
    case 'in':
      return { in: [actual, comparison.values] };
    case 'ends_with':
      return { ends_with: [actual, comparison.value] };
    case 'above':
      return { '>': [actual, comparison.value] };
    case 'semver_above':
      return { sem_ver: [actual, '>', comparison.value] };
  }
}
