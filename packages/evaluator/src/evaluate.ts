import type { BoundFlag, Configuration } from './configuration.ts';
import type { Evaluation, EvaluationContext, Moment } from './evaluation.ts';
import { answerOf, failure, unreadable } from './flags/answers.ts';
import type { Json } from './json.ts';
import { prepared } from './prepare.ts';

/**
 * One answer; never throws, never waits. `now` is wall time, asked for at most once. On any fault the value is `fallback`
 * with reason ERROR and an error code (FLAG_NOT_FOUND, TARGETING_KEY_MISSING, …).
 */
export function evaluate(
  configuration: Configuration,
  flagKey: string,
  context: EvaluationContext,
  now: Moment,
  fallback: Json,
): Evaluation {
  const { last } = configuration;
  if (last !== undefined && last.key === flagKey) return last.always ?? evaluateFlag(last, context, now, fallback);
  const flag = configuration.flags.get(flagKey);
  if (flag === undefined) {
    return failure(flagKey, fallback, configuration.number, 'FLAG_NOT_FOUND', 'no flag has this key here');
  }
  configuration.last = flag;
  return flag.always ?? evaluateFlag(flag, context, now, fallback);
}

/** One flag's answer, given by itself. */
export function evaluateFlag(flag: BoundFlag, context: EvaluationContext, now: Moment, fallback: Json): Evaluation {
  try {
    const { decide } = flag;
    if (decide === undefined) return evaluateFirst(flag, context, now, fallback);
    // On a line of its own, so that who gives a number is not slowed down by the choice.
    if (typeof now !== 'number') return evaluateFlag(flag, context, flag.timeless ? 0 : now(), fallback);
    const decision = decide(context, now);
    return flag.answers[decision] ?? answerOf(flag, decision, fallback);
  } catch {
    return unreadable(flag, fallback);
  }
}

function evaluateFirst(flag: BoundFlag, context: EvaluationContext, now: Moment, fallback: Json): Evaluation {
  return prepared(flag).always ?? evaluateFlag(flag, context, now, fallback);
}
