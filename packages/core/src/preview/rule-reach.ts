import { compile, type EvaluationContext, evaluate, type FlagDefinition, type Snapshot } from '@spillway/evaluator';

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
export function countRuleReach(snapshot: Snapshot, flag: FlagDefinition, now: number): RuleCount {
  const reaches = flag.rules.map(({ id }) => ({ id, matches: 0, decides: 0 }));
  const byId = new Map(reaches.map((reach) => [reach.id, reach]));
  const { prerequisites: _, ...free } = flag;
  const rules = flag.rules.map((rule) => ({ ...rule, serve: { variant: flag.off_variant } }));
  const whole = { ...free, enabled: true, rules, fallthrough: { variant: flag.off_variant } };
  const single = rules.map((rule, place) => ({ ...whole, key: singleKey(place), targets: [], rules: [rule] }));
  const configuration = compile({
    ...snapshot,
    flags: { ...snapshot.flags, ...Object.fromEntries([whole, ...single].map((each) => [each.key, each])) },
    switches: {},
  });
  const ruleOf = (key: string, context: EvaluationContext) =>
    evaluate(configuration, key, context, now, null).flagMetadata.rule;
  return {
    look(context) {
      for (const [place, reach] of reaches.entries()) {
        if (ruleOf(singleKey(place), context) !== undefined) reach.matches += 1;
      }
      const rule = ruleOf(flag.key, context);
      const decider = rule === undefined ? undefined : byId.get(rule);
      if (decider !== undefined) decider.decides += 1;
    },
    result: () => reaches.map((reach) => ({ ...reach })),
  };
}

/** The flag with one rule alone, to ask about apart from the others; no key that a person gives has a space in it. */
function singleKey(place: number): string {
  return `rule ${place}`;
}
