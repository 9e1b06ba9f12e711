/** Who is asking. `admin` may do everything; `sdk` may read and evaluate in one environment. */
export type Principal =
  | { readonly kind: 'admin'; readonly project: string; readonly name: string; readonly via: 'token' | 'session' }
  | { readonly kind: 'sdk'; readonly project: string; readonly name: string; readonly environment: string };

/** A stored credential. The secret itself is never stored, only its SHA-256. */
export interface AccessToken {
  readonly key: string;
  readonly kind: 'admin' | 'sdk';
  readonly name: string;
  /** Lower-case hex. */
  readonly secret_sha256: string;
  /** For `sdk` tokens. */
  readonly environment?: string;
  readonly created_at_ms: number;
  readonly expires_at_ms?: number;
}
