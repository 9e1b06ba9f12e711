export type StoreErrorCode =
  /** Another control plane has the file open. */
  | 'locked'
  /** A newer version of Spillway has been here; this one would misread what it wrote. */
  | 'newer_schema'
  /** The file or server cannot be opened: wrong path, rights, address or credentials. */
  | 'unreachable'
  | 'bad_url'
  /** More commits wait than the store will hold in memory. */
  | 'busy'
  /** The file takes no writes: its rights, or a full disk. Nothing was written; reading goes on. */
  | 'unwritable'
  /** The connection broke while a commit was being confirmed: it may or may not have been written. */
  | 'outcome_unknown'
  | 'closed';

/** What kept a store from answering; the message names the remedy. Refusals of a commit are outcomes, not errors. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}
