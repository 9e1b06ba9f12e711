import type { BoundFlag } from '../configuration.ts';
import type { ErrorCode, Evaluation } from '../evaluation.ts';
import type { Json } from '../json.ts';
import { INVALID_CONTEXT, MISSING_KEY, OFF } from './flag-form.ts';

/** The answer for a decision: made and frozen once, then shared by every evaluation of this configuration. */
export function answerOf(flag: BoundFlag, decision: number, fallback: Json): Evaluation {
  const { form } = flag;
  if (form === undefined || decision < 0) return errorOf(flag, decision, fallback);
  // Beyond the outcomes are the kill switches, which serve what is served when off.
  const killSwitch = flag.guards[decision - form.outcomes.length]?.definition.key;
  const outcome = form.outcomes[killSwitch === undefined ? decision : OFF];
  if (outcome === undefined) return errorOf(flag, decision, fallback);
  const { value, variant, reason, rule, prerequisite } = outcome;
  const answer = Object.freeze({
    flagKey: flag.key,
    value: deepFreeze(value),
    ...(variant === undefined ? {} : { variant }),
    reason,
    flagMetadata: Object.freeze({
      configuration: flag.number,
      flagVersion: form.definition.version,
      ...(rule === undefined ? {} : { rule }),
      ...(killSwitch === undefined ? {} : { killSwitch }),
      ...(prerequisite === undefined ? {} : { prerequisite }),
    }),
  });
  flag.answers[decision] = answer;
  return answer;
}

function errorOf(flag: BoundFlag, decision: number, fallback: Json): Evaluation {
  const version = flag.form?.definition.version;
  const bucketing = flag.form?.bucketings[MISSING_KEY - decision]?.source;
  if (bucketing !== undefined) {
    const place = [bucketing.by, ...(bucketing.path ?? [])].join(' → ');
    const message = `the context has no ${place} to bucket by: text that is not empty, or a whole number`;
    return failure(flag.key, fallback, flag.number, 'TARGETING_KEY_MISSING', message, version);
  }
  if (decision === INVALID_CONTEXT) {
    return failure(flag.key, fallback, flag.number, 'INVALID_CONTEXT', 'the context must be an object', version);
  }
  return failure(flag.key, fallback, flag.number, 'PARSE_ERROR', flag.problem ?? 'the flag cannot be read', version);
}

export function failure(
  flagKey: string,
  value: Json,
  configuration: number,
  errorCode: ErrorCode,
  errorMessage: string,
  flagVersion?: number,
): Evaluation {
  const flagMetadata = flagVersion === undefined ? { configuration } : { configuration, flagVersion };
  return { flagKey, value, reason: 'ERROR', errorCode, errorMessage, flagMetadata };
}

/** Answers are shared with the application, which must not be able to change what the next one gets. */
function deepFreeze(value: Json): Json {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
