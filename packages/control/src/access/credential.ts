import type { AccessToken, Principal } from '@spillway/core';

/** A person's sign-in. Kept like a token, so that it survives a restart and ends everywhere at once. */
export interface Session {
  readonly key: string;
  readonly kind: 'session';
  readonly name: string;
  /** Lower-case hex. */
  readonly secret_sha256: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
}

/** What is kept under the noun `access`. */
export type Credential = AccessToken | Session;

export function principalOf(credential: Credential, project: string): Principal | undefined {
  const { kind, name } = credential;
  if (kind === 'session') return { kind: 'admin', project, name, via: 'session' };
  if (kind === 'admin') return { kind: 'admin', project, name, via: 'token' };
  const { environment } = credential;
  return environment === undefined ? undefined : { kind, project, name, environment };
}
