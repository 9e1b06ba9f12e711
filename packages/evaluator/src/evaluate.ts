import { type BoundFlag, type Configuration, UNDECIDED } from './configuration.ts';
import type { Evaluation, EvaluationContext } from './evaluation.ts';
import { answerOf, failure } from './flags/answers.ts';
import { BROKEN } from './flags/flag-form.ts';
import type { Json } from './json.ts';

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
  const flag = configuration.flags.get(flagKey);
  if (flag === undefined) {
    return failure(flagKey, fallback, configuration.number, 'FLAG_NOT_FOUND', 'no flag has this key here');
  }
  try {
    const decision = flag.settled !== UNDECIDED ? flag.settled : decide(flag, context, now);
    return flag.answers[decision] ?? answerOf(flag, decision, fallback);
  } catch {
    const message = 'reading the context failed; it must hold plain data';
    return failure(flagKey, fallback, configuration.number, 'GENERAL', message);
  }
}

/** Every flag's answer, all from one configuration; the value of those in error is null. */
export function evaluateAll(configuration: Configuration, context: EvaluationContext, now: number): Evaluation[] {
  const answers: Evaluation[] = [];
  for (const key of configuration.flags.keys()) answers.push(evaluate(configuration, key, context, now, null));
  return answers;
}

/** Asks what no snapshot could settle. */
export function decide({ form }: BoundFlag, context: EvaluationContext, now: number): number {
  return form === undefined || 'problem' in form.live ? BROKEN : form.live.decide(context, now);
}
