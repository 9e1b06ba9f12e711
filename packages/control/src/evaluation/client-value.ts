import type { Evaluation, Json } from '@spillway/evaluator';

/** What a browser learns of a flag. With an error code the value is null and means the application's own default. */
export interface ClientValue {
  readonly value: Json;
  readonly variant?: string;
  readonly reason: Evaluation['reason'];
  readonly errorCode?: NonNullable<Evaluation['errorCode']>;
}

export interface ClientValues {
  readonly configuration: number;
  readonly flags: Readonly<Record<string, ClientValue>>;
}

export type ClientEvent =
  | { readonly event: 'values'; readonly data: ClientValues }
  | {
      readonly event: 'change';
      /** Fits on the configuration `base` and on no other. */
      readonly data: ClientValues & { readonly base: number; readonly removed: readonly string[] };
    };

/** Named field by field, so that nothing added to an evaluation ever reaches a browser by accident. */
export function clientValue({ value, variant, reason, errorCode }: Evaluation): ClientValue {
  return {
    value,
    ...(variant === undefined ? {} : { variant }),
    reason,
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}

export function isSameValue(one: ClientValue | undefined, other: ClientValue): boolean {
  if (one === undefined || one.variant !== other.variant || one.reason !== other.reason) return false;
  if (one.errorCode !== other.errorCode) return false;
  return one.value === other.value || JSON.stringify(one.value) === JSON.stringify(other.value);
}
