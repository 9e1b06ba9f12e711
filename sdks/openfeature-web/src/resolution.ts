import { ErrorCode, type FlagMetadata, type ResolutionDetails } from '@openfeature/web-sdk';
import type { Details } from '@spillway/web';

const CODES: Readonly<Record<string, ErrorCode>> = {
  PROVIDER_NOT_READY: ErrorCode.PROVIDER_NOT_READY,
  FLAG_NOT_FOUND: ErrorCode.FLAG_NOT_FOUND,
  PARSE_ERROR: ErrorCode.PARSE_ERROR,
  TYPE_MISMATCH: ErrorCode.TYPE_MISMATCH,
  TARGETING_KEY_MISSING: ErrorCode.TARGETING_KEY_MISSING,
  INVALID_CONTEXT: ErrorCode.INVALID_CONTEXT,
};

/**
 * An answer as OpenFeature wants it of a provider. Metadata bears the names from which OpenFeature fills OpenTelemetry's attributes;
 * `version` is the configuration's, since pages are told no flag's own. In place of a `contextId` the targeting key is used.
 */
export function resolutionOf<T>(answer: Details<unknown>, flagSetId: string | undefined): ResolutionDetails<T> {
  const { value, variant, reason, errorCode, flagMetadata } = answer;
  const { configuration } = flagMetadata;
  const metadata: FlagMetadata = {
    configuration,
    version: String(configuration),
    ...(flagSetId === undefined ? {} : { flagSetId }),
  };
  return {
    // The client has checked that the value is of the type asked for.
    ...{ value: value as T, reason, flagMetadata: metadata },
    ...(variant === undefined ? {} : { variant }),
    ...(errorCode === undefined ? {} : { errorCode: CODES[errorCode] ?? ErrorCode.GENERAL }),
  };
}
