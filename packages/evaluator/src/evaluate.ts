import type { BoundFlag, Configuration } from './configuration.ts';
import type { Evaluation, EvaluationContext } from './evaluation.ts';
import { answerOf, failure, unreadable } from './flags/answers.ts';
import type { Json } from './json.ts';
import { prepared } from './prepare.ts';

/**
 * One answer; never throws, never waits. `now` is wall time in milliseconds. On any fault the value is `fallback`
 * with reason ERROR and an error code (FLAG_NOT_FOUND, TARGETING_KEY_MISSING, …).
 */
export function evaluate(
  configuration: Configuration,
  flagKey: string,
  context: EvaluationContext,
  now: number,
  fallback: Json,
): Evaluation {
  const { last } = configuration;
  if (last !== undefined && last.key === flagKey) return last.always ?? evaluateFlag(last, context, now, fallback);
  return lookUpAndEvaluate(configuration, flagKey, context, now, fallback);
}

/** By itself, so that `evaluate` is short enough to become part of its callers. */
function lookUpAndEvaluate(
  configuration: Configuration,
  flagKey: string,
  context: EvaluationContext,
  now: number,
  fallback: Json,
): Evaluation {
  const flag = configuration.flags.get(flagKey);
  if (flag === undefined) {
    return failure(flagKey, fallback, configuration.number, 'FLAG_NOT_FOUND', 'no flag has this key here');
  }
  configuration.last = flag;
  return flag.always ?? evaluateFlag(flag, context, now, fallback);
}

/**
 * `evaluate`, where the time is asked for at most once and only if the answer may depend on it: looking at a clock takes
 * longer than many answers.
 */
export function evaluateByClock(
  configuration: Configuration,
  flagKey: string,
  context: EvaluationContext,
  clock: () => number,
  fallback: Json,
): Evaluation {
  const { last } = configuration;
  const flag = last !== undefined && last.key === flagKey ? last : configuration.flags.get(flagKey);
  // Then it is found at once below.
  if (flag !== undefined) configuration.last = flag;
  const isTimeless = flag === undefined || flag.timeless || flag.always !== undefined;
  return evaluate(configuration, flagKey, context, isTimeless ? 0 : clock(), fallback);
}

/** One flag's answer, given by itself. */
export function evaluateFlag(flag: BoundFlag, context: EvaluationContext, now: number, fallback: Json): Evaluation {
  try {
    const { decide } = flag;
    if (decide === undefined) return evaluateFirst(flag, context, now, fallback);
    const decision = decide(context, now);
    return flag.answers[decision] ?? answerOf(flag, decision, fallback);
  } catch {
    return unreadable(flag, fallback);
  }
}

function evaluateFirst(flag: BoundFlag, context: EvaluationContext, now: number, fallback: Json): Evaluation {
  return prepared(flag).always ?? evaluateFlag(flag, context, now, fallback);
}
