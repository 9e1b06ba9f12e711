import {
  belongsTo,
  type Condition,
  compile,
  type EvaluationContext,
  evaluate,
  type FlagDefinition,
  type SegmentDefinition,
  type Snapshot,
} from '@spillway/evaluator';

/** How many of the contexts one rule is about. */
export interface RuleReach {
  readonly id: string;
  /** Those whose conditions hold, whatever stands above the rule. */
  readonly matches: number;
  /** Those for whom it is the first that holds and whom no individual target takes: it decides for them while the flag is on. */
  readonly decides: number;
}

export interface RuleCount {
  look(context: EvaluationContext): void;
  /** In the order of the rules. */
  result(): readonly RuleReach[];
}

/**
 * Counts for each rule of a flag whom it is about, as if the flag were on, unrestricted by prerequisites and kill switches:
 * a rule is written for the day on which it is let loose.
 */
export function countRuleReach({ segments, ...snapshot }: Snapshot, flag: FlagDefinition, now: number): RuleCount {
  const reaches = flag.rules.map(({ id }) => ({ id, matches: 0, decides: 0 }));
  const byId = new Map(reaches.map((reach) => [reach.id, reach]));
  const { prerequisites: _, ...free } = flag;
  const rules = flag.rules.map((rule) => ({ ...rule, serve: { variant: flag.off_variant } }));
  const configuration = compile({
    ...snapshot,
    flags: { [flag.key]: { ...free, enabled: true, rules, fallthrough: { variant: flag.off_variant } } },
    segments: { ...segments, ...Object.fromEntries(flag.rules.map(({ when }, place) => segmentOf(place, when))) },
    switches: {},
  });
  return {
    look(context) {
      for (const [place, reach] of reaches.entries()) {
        if (belongsTo(configuration, segmentKey(place), context, now)) reach.matches += 1;
      }
      const { rule } = evaluate(configuration, flag.key, context, now, null).flagMetadata;
      const decider = rule === undefined ? undefined : byId.get(rule);
      if (decider !== undefined) decider.decides += 1;
    },
    result: () => reaches.map((reach) => ({ ...reach })),
  };
}

/** A rule's conditions as a segment of its own, which the evaluator can ask about apart from the other rules. */
function segmentOf(place: number, when: Condition): readonly [string, SegmentDefinition] {
  const key = segmentKey(place);
  return [key, { key, version: 1, when }];
}

/** No key that a person gives has a space in it. */
function segmentKey(place: number): string {
  return `rule ${place}`;
}
