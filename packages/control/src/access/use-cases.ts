import type { AccessToken, Principal, TokenKind } from '@spillway/core';
import type { Answer, Call, Page, PageRequest } from '../call.ts';

export interface AccessUseCases {
  /** The principal a bearer secret belongs to; undefined when unknown, expired or revoked. */
  authenticate(secret: string): Promise<Principal | undefined>;
  authenticateSession(secret: string): Promise<Principal | undefined>;
  /**
   * What the holder of an SDK or client key may show where no header can be sent, for some minutes; undefined for
   * anybody else. The same one until it is renewed, on every replica.
   */
  ticketFor(secret: string): string | undefined;
  /** Whose ticket it is while it may be shown and the key behind it counts. */
  authenticateTicket(ticket: string): Promise<Principal | undefined>;
  /** The same of a ticket that was shown in time: only its key still has to count. */
  ticketHolder(ticket: string): Promise<Principal | undefined>;
  list(call: Call, page: PageRequest): Answer<Page<Omit<AccessToken, 'secret_sha256'>>>;
  issue(call: Call, input: TokenInput): Answer<Omit<AccessToken, 'secret_sha256'> & { readonly secret: string }>;
  revoke(call: Call, key: string): Answer<void>;
  /** A code for the sign-in link: works once, for ten minutes, and only its SHA-256 is kept, in memory. */
  createSignInCode(): string;
  /** The same for an admin who asks for a link. */
  offerSignIn(call: Call): Answer<{ readonly code: string; readonly expires_at_ms: number }>;
  signIn(
    code: string,
  ): Answer<{ readonly secret: string; readonly principal: Principal; readonly expires_at_ms: number }>;
  signOut(secret: string): Promise<void>;
  /**
   * Makes sure that there is an admin token: the one with this secret, or, without a secret, a new one when there is
   * none in force. Answers the secret of a token made just now. For the wiring, which nobody can call from outside.
   */
  bootstrap(secret?: string): Answer<{ readonly secret?: string }>;
}

export interface TokenInput {
  readonly name: string;
  readonly kind: TokenKind;
  readonly environment?: string;
  readonly expires_in_ms?: number;
}
