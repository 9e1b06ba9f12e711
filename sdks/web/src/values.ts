export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Who a page is shown to. What it holds is sent to the server and, as a fingerprint, kept in the browser. */
export type Context = Readonly<Record<string, Json>>;

export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'ERROR';

export interface Value {
  readonly value: Json;
  readonly variant?: string;
  readonly reason: Reason;
  readonly errorCode?: string;
}

/** One user's values, all of one configuration. What a server renders with is of this form too. */
export interface Values {
  readonly configuration: number;
  readonly flags: Readonly<Record<string, Value>>;
}

export interface Change extends Values {
  /** The configuration it fits on. */
  readonly base: number;
  readonly removed: readonly string[];
}

/** What may be answered where `T` is the default: of `true`, any of true and false. */
export type Widened<T> = T extends boolean ? boolean : T extends string ? string : T extends number ? number : T;

/** An answer in OpenFeature's terms. */
export interface Details<T> {
  readonly flagKey: string;
  readonly value: T;
  readonly variant?: string;
  readonly reason: Reason;
  readonly errorCode?: string;
  readonly flagMetadata: { readonly configuration: number };
}

/**
 * Text, number and true/false must be of `fallback`'s type; where it is an object, a list or null, any value will do.
 * Pure, so that a server and the browser that takes its page over answer alike.
 */
export function detailsIn<T extends Json>(
  values: Values | undefined,
  flagKey: string,
  fallback: T | Widened<T>,
): Details<Widened<T>> {
  const flagMetadata = { configuration: values?.configuration ?? 0 };
  const failed = (errorCode: string): Details<Widened<T>> => ({
    ...{ flagKey, value: fallback as Widened<T>, reason: 'ERROR', errorCode, flagMetadata },
  });
  if (values === undefined) return failed('PROVIDER_NOT_READY');
  const found = Object.hasOwn(values.flags, flagKey) ? values.flags[flagKey] : undefined;
  if (found === undefined) return failed('FLAG_NOT_FOUND');
  if (found.errorCode !== undefined) return failed(found.errorCode);
  const { value, variant, reason } = found;
  if (typeof fallback !== 'object' && typeof value !== typeof fallback) return failed('TYPE_MISMATCH');
  return { flagKey, value: value as Widened<T>, ...(variant === undefined ? {} : { variant }), reason, flagMetadata };
}

/** Keys of the flags that answer differently. */
export function differing(before: Values | undefined, after: Values): readonly string[] {
  const old = before?.flags ?? {};
  const keys = new Set([...Object.keys(old), ...Object.keys(after.flags)]);
  return [...keys].filter((key) => JSON.stringify(old[key]) !== JSON.stringify(after.flags[key]));
}

/** Undefined for whatever is not what it should be. */
export function readValues(payload: unknown): Values | undefined {
  return isValues(payload) ? payload : undefined;
}

export function readChange(payload: unknown): Change | undefined {
  if (!isValues(payload) || !('base' in payload) || !('removed' in payload)) return undefined;
  return isNumber(payload.base) && Array.isArray(payload.removed) ? (payload as Change) : undefined;
}

export function applyChange(values: Values, { configuration, flags, removed }: Change): Values {
  const next = { ...values.flags, ...flags };
  for (const key of removed) delete next[key];
  return { configuration, flags: next };
}

function isValues(payload: unknown): payload is Values {
  if (!isRecord(payload) || !isNumber(payload.configuration) || !isRecord(payload.flags)) return false;
  return Object.values(payload.flags).every(
    (flag) => isRecord(flag) && flag.value !== undefined && typeof flag.reason === 'string',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
