import {
  type Answer,
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

interface Client {
  initSync(options: { payload: object }): unknown;
  getFeatureValue(key: string, fallback: Answer, context: Context): Answer;
  evalFeature(key: string, context: Context): { value: Answer | null; source: string; ruleId: string };
}

interface Module {
  GrowthBookClient: new (options: object) => Client;
}

interface Context {
  attributes: Record<string, string | number>;
}

export const growthbook: Engine<Context> = {
  name: 'growthbook',
  package: '@growthbook/growthbook',
  payload: (definitions) => JSON.stringify(payloadOf(definitions)),
  load: async () => {
    const { GrowthBookClient } = peer<Module>('@growthbook/growthbook');
    return {
      open: async (payload) => {
        const client = new GrowthBookClient({ log: () => undefined });
        client.initSync({ payload: JSON.parse(payload) });
        return {
          context: ({ targetingKey, ...attributes }: User) => ({ attributes: { id: targetingKey, ...attributes } }),
          asker: (flag) => {
            const fallback = answerOf(flag, flag.off);
            const { key } = flag;
            return {
              value: (context) => client.getFeatureValue(key, fallback, context),
              details: (context) => {
                const { value, source, ruleId } = client.evalFeature(key, context);
                return source === 'unknownFeature' ? undefined : ruleId === '' ? value : ruleId;
              },
            };
          },
        };
      },
    };
  },
};

function payloadOf(definitions: Definitions) {
  return {
    features: Object.fromEntries(definitions.flags.map((flag) => [flag.key, featureOf(flag, definitions)])),
    savedGroups: Object.fromEntries(definitions.segments.map(({ key, ids }) => [key, ids])),
  };
}

function featureOf(flag: Flag, definitions: Definitions) {
  if (!flag.enabled) return { defaultValue: answerOf(flag, flag.off) };
  const rules: object[] = flag.rules.map(({ id, when, variant }) => ({
    id,
    condition: allOf(when.map((condition) => conditionOf(condition, definitions))),
    force: answerOf(flag, variant),
  }));
  if ('variant' in flag.otherwise) return { defaultValue: answerOf(flag, flag.otherwise.variant), rules };
  const parts = partsOf(flag.otherwise);
  const [first] = parts;
  // A rollout of one value is its own kind of rule, cheaper than an experiment.
  const last =
    flag.type === 'boolean'
      ? { force: true, coverage: (first?.percentage ?? 0) / 100, hashAttribute: 'id', seed: flag.key, hashVersion: 2 }
      : {
          variations: parts.map(({ variant }) => variant),
          weights: parts.map(({ percentage }) => percentage / 100),
          hashAttribute: 'id',
          seed: flag.key,
          hashVersion: 2,
        };
  return { defaultValue: answerOf(flag, flag.off), rules: [...rules, last] };
}

function conditionOf(condition: Condition, { segments }: Definitions): object {
  if (!('segment' in condition)) return comparisonOf(condition);
  const segment = segments.find(({ key }) => key === condition.segment);
  const rules = segment?.rules.map((rule) => allOf(rule.map(comparisonOf))) ?? [];
  return { $or: [{ id: { $inGroup: condition.segment } }, ...rules] };
}

function allOf(conditions: readonly object[]): object {
  const fields = conditions.flatMap((condition) => Object.keys(condition));
  return new Set(fields).size === fields.length ? Object.assign({}, ...conditions) : { $and: conditions };
}

function comparisonOf(comparison: Comparison): object {
  switch (comparison.operator) {
    case 'in':
      return { [comparison.attribute]: { $in: comparison.values } };
    case 'ends_with':
      return { [comparison.attribute]: { $regex: `${comparison.value.replaceAll('.', '\\.')}$` } };
    case 'above':
      return { [comparison.attribute]: { $gt: comparison.value } };
    case 'semver_above':
      return { [comparison.attribute]: { $vgt: comparison.value } };
  }
}
