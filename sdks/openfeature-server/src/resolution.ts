import { ErrorCode, type FlagMetadata, type ResolutionDetails } from '@openfeature/server-sdk';
import type { Evaluation } from '@spillway/node';

const CODES: Readonly<Record<NonNullable<Evaluation['errorCode']>, ErrorCode>> = {
  PROVIDER_NOT_READY: ErrorCode.PROVIDER_NOT_READY,
  FLAG_NOT_FOUND: ErrorCode.FLAG_NOT_FOUND,
  PARSE_ERROR: ErrorCode.PARSE_ERROR,
  TYPE_MISMATCH: ErrorCode.TYPE_MISMATCH,
  TARGETING_KEY_MISSING: ErrorCode.TARGETING_KEY_MISSING,
  INVALID_CONTEXT: ErrorCode.INVALID_CONTEXT,
  GENERAL: ErrorCode.GENERAL,
};

/** Turns an answer into what OpenFeature wants of a provider. */
export type Resolve = <T>(answer: Evaluation) => Promise<ResolutionDetails<T>>;

/**
 * Metadata bears the names from which OpenFeature fills OpenTelemetry's attributes: `flagSetId`, `version`. A
 * `contextId` is left out: the targeting key is what is used in its place, and only so is one resolution good for
 * everybody who gets the same answer.
 */
export function createResolve(flagSetId: string | undefined): Resolve {
  // The evaluator shares its answers, so they are the keys; with a new configuration the old ones are let go.
  const known = new WeakMap<Evaluation, Promise<ResolutionDetails<unknown>>>();
  return <T>(answer: Evaluation) => {
    let resolution = known.get(answer);
    if (resolution === undefined) {
      resolution = Promise.resolve(resolutionOf(answer, flagSetId));
      if (answer.reason !== 'ERROR') known.set(answer, resolution);
    }
    // The client has checked that the value is of the type asked for.
    return resolution as Promise<ResolutionDetails<T>>;
  };
}

function resolutionOf(answer: Evaluation, flagSetId: string | undefined): ResolutionDetails<unknown> {
  const { value, variant, reason, errorCode, errorMessage, flagMetadata } = answer;
  const { flagVersion } = flagMetadata;
  const metadata: FlagMetadata = {
    ...flagMetadata,
    ...(flagVersion === undefined ? {} : { version: String(flagVersion) }),
    ...(flagSetId === undefined ? {} : { flagSetId }),
  };
  return {
    value,
    reason,
    flagMetadata: metadata,
    ...(variant === undefined ? {} : { variant }),
    ...(errorCode === undefined ? {} : { errorCode: CODES[errorCode] }),
    ...(errorMessage === undefined ? {} : { errorMessage }),
  };
}
