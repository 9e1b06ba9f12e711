/**
 * Who is asking. `admin` may do everything; `sdk` may read and evaluate in one environment; `client`, whose key anybody can
 * read in a page's source, may only have that environment's flags evaluated.
 */
export type Principal =
  | { readonly kind: 'admin'; readonly project: string; readonly name: string; readonly via: 'token' | 'session' }
  | { readonly kind: 'sdk' | 'client'; readonly project: string; readonly name: string; readonly environment: string };

export type TokenKind = 'admin' | 'sdk' | 'client';

/** A stored credential. The secret itself is never stored, only its SHA-256. */
export interface AccessToken {
  readonly key: string;
  readonly kind: TokenKind;
  readonly name: string;
  /** Lower-case hex. */
  readonly secret_sha256: string;
  /** For all but `admin` tokens. */
  readonly environment?: string;
  readonly created_at_ms: number;
  readonly expires_at_ms?: number;
}
