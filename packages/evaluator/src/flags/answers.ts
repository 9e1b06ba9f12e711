import type { BoundFlag } from '../configuration.ts';
import type { ErrorCode, Evaluation, EvaluationMetadata } from '../evaluation.ts';
import type { Json } from '../json.ts';
import { INVALID_CONTEXT, MISSING_KEY, OFF, type Outcome } from './flag-form.ts';

/** The answer for a decision: made once, then shared by every evaluation of this configuration; errors are not. */
export function answerOf(flag: BoundFlag, decision: number, fallback: Json): Evaluation {
  const answer = makeAnswer(flag, decision);
  if (answer === undefined) return errorOf(flag, decision, fallback);
  flag.answers[decision] = answer;
  return answer;
}

/** Frozen, with all it holds; undefined for a decision that is an error. */
export function makeAnswer(flag: BoundFlag, decision: number): Evaluation | undefined {
  const { form } = flag;
  if (form === undefined) return undefined;
  // Beyond the outcomes are the kill switches, which serve what is served when off.
  const killSwitch = flag.guards[decision - form.outcomes.length]?.definition.key;
  const outcome = form.outcomes[killSwitch === undefined ? decision : OFF];
  if (outcome === undefined) return undefined;
  const { variant, reason } = outcome;
  const value = deepFreeze(outcome.value);
  const flagMetadata = Object.freeze(metadataOf(flag.number, form.definition.version, outcome, killSwitch));
  return Object.freeze(
    variant === undefined
      ? { flagKey: flag.key, value, reason, flagMetadata }
      : { flagKey: flag.key, value, variant, reason, flagMetadata },
  );
}

/** Each kind is written out, because objects put together from parts take twice the memory. */
function metadataOf(
  configuration: number,
  flagVersion: number,
  { rule, prerequisite }: Outcome,
  killSwitch: string | undefined,
): EvaluationMetadata {
  if (killSwitch !== undefined) return { configuration, flagVersion, killSwitch };
  if (rule !== undefined) return { configuration, flagVersion, rule };
  return prerequisite === undefined ? { configuration, flagVersion } : { configuration, flagVersion, prerequisite };
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

/** For a context that cannot even be read, as one whose getters throw. */
export function unreadable(flag: BoundFlag, fallback: Json): Evaluation {
  const message = 'reading the context failed; it must hold plain data';
  return failure(flag.key, fallback, flag.number, 'GENERAL', message);
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

/**
 * Answers are shared with the application, which must not be able to change what the next one gets. What is frozen already may
 * hold what is not: a snapshot can be the application's own object.
 */
function deepFreeze(value: Json): Json {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
