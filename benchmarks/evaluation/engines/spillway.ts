import type { EvaluationContext, Snapshot } from '@spillway/evaluator';
import type { Comparison, Condition, Definitions, Flag, Segment, Serve } from '../definitions.ts';
import type { Engine, Loaded } from './engine.ts';
import { withEverything } from './everything.ts';

export type Evaluator = typeof import('@spillway/evaluator');

/** Where the parent put the evaluator as one plain JavaScript file, as the published package has it. */
export const BUNDLE_VARIABLE = 'SPILLWAY_BENCH_EVALUATOR';

export async function loadEvaluator(): Promise<Evaluator> {
  const bundle = process.env[BUNDLE_VARIABLE];
  return bundle === undefined ? await import('@spillway/evaluator') : await import(bundle);
}

/** Wall time that evaluations are asked at; no flag under measurement depends on it. */
const NOW = Date.UTC(2026, 0, 1);

export const spillway: Engine<EvaluationContext> = {
  name: 'spillway',
  payload: (definitions) => JSON.stringify(snapshotOf(definitions)),
  load,
};

/** The same with everything that the engine can do in use on other flags: switches, prerequisites, stages, ramps. */
export const spillwayFull: Engine<EvaluationContext> = {
  name: 'spillway+all',
  payload: (definitions) => JSON.stringify(withEverything(snapshotOf(definitions))),
  load,
};

async function load(): Promise<Loaded<EvaluationContext>> {
  const { compile, evaluate, evaluateAll, parseSnapshot } = await loadEvaluator();
  return {
    open: async (payload) => {
      const parsed = parseSnapshot(JSON.parse(payload));
      if (!parsed.ok) throw new Error(parsed.problem);
      const configuration = compile(parsed.snapshot);
      return {
        context: (user) => user as EvaluationContext & typeof user,
        asker: ({ key, type }) => {
          const fallback = type === 'boolean' ? false : '';
          return {
            value: (context) => {
              const { value } = evaluate(configuration, key, context, NOW, fallback);
              return typeof value === 'boolean' || typeof value === 'string' ? value : undefined;
            },
            details: (context) => {
              const { value, variant, reason, flagMetadata } = evaluate(configuration, key, context, NOW, fallback);
              return variant !== undefined && reason !== 'ERROR' && flagMetadata.configuration > 0
                ? (flagMetadata.rule ?? value)
                : undefined;
            },
          };
        },
        all: (context) => evaluateAll(configuration, context, NOW),
      };
    },
  };
}

export function snapshotOf({ flags, segments }: Definitions): Snapshot {
  return {
    format: 'spillway.snapshot/1',
    project: 'bench',
    environment: 'production',
    number: 1,
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flagOf(flag)])),
    segments: Object.fromEntries(segments.map((segment) => [segment.key, segmentOf(segment)])),
    switches: {},
  };
}

export function flagOf(flag: Flag): Snapshot['flags'][string] {
  return {
    key: flag.key,
    version: 1,
    type: flag.type,
    variants: flag.variants.map((name) => ({ name, value: flag.type === 'boolean' ? name === 'true' : name })),
    services: [],
    enabled: flag.enabled,
    off_variant: flag.off,
    targets: [],
    rules: flag.rules.map(({ id, when, variant }) => ({ id, when: allOf(when), serve: { variant } })),
    fallthrough: serveOf(flag.otherwise),
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: flag.key },
  };
}

function serveOf(serve: Serve) {
  return 'split' in serve ? { split: serve.split.map((part) => ({ ...part })) } : { variant: serve.variant };
}

function segmentOf({ key, ids, rules }: Segment): Snapshot['segments'][string] {
  const listed = { attribute: 'targetingKey', operator: 'in', values: ids } as const;
  return { key, version: 1, when: { any: [...(ids.length > 0 ? [listed] : []), ...rules.map(allOf)] } };
}

function allOf(conditions: readonly Condition[]): Snapshot['segments'][string]['when'] {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return conditionOf(only);
  return { all: conditions.map(conditionOf) };
}

function conditionOf(condition: Condition): Snapshot['segments'][string]['when'] {
  return 'segment' in condition ? condition : comparisonOf(condition);
}

function comparisonOf(comparison: Comparison) {
  const { attribute } = comparison;
  switch (comparison.operator) {
    case 'in':
      return { attribute, operator: 'in', values: comparison.values } as const;
    case 'ends_with':
      return { attribute, operator: 'ends_with', values: [comparison.value] } as const;
    case 'above':
      return { attribute, operator: 'greater_than', values: [comparison.value] } as const;
    case 'semver_above':
      return { attribute, operator: 'semver_greater_than', values: [comparison.value] } as const;
  }
}
