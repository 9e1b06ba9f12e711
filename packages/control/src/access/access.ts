import type { Principal } from '@spillway/core';
import type { Changes } from '../documents/changes.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Signatures } from '../ports/index.ts';
import { type Credential, principalOf } from './credential.ts';
import { createCredentialChanges } from './credential-changes.ts';
import { createSessionUseCases, type SessionDeps } from './sessions.ts';
import { createSharedLook } from './shared-look.ts';
import { createTicketUseCases } from './ticket-use-cases.ts';
import { createBootstrap, createTokenUseCases, type TokenDeps } from './tokens.ts';
import type { AccessUseCases } from './use-cases.ts';

/** How everything that is issued begins; a secret of another form came with the settings and is known from the start. */
const ISSUED = /^spw_[a-z]+_/;

export interface AccessDeps extends SessionDeps, TokenDeps {
  readonly signatures: Signatures;
  readonly changes: Changes;
  readonly follower: Pick<LogFollower, 'catchUp'>;
}

export function createAccessUseCases(deps: AccessDeps): AccessUseCases {
  const { project, credentials } = deps;
  const changes = createCredentialChanges(deps);
  const lookAgain = createSharedLook(() => deps.follower.catchUp());

  async function principalFor(
    secret: string,
    isFitting: (credential: Credential) => boolean,
  ): Promise<Principal | undefined> {
    const credential = credentials.find(secret) ?? (await justIssued(secret));
    return credential !== undefined && isFitting(credential) ? principalOf(credential, project) : undefined;
  }

  /** Another replica may have issued it a moment ago, and its first user come here. While the log cannot be read, it is nobody's. */
  async function justIssued(secret: string): Promise<Credential | undefined> {
    if (!ISSUED.test(secret)) return undefined;
    await lookAgain().catch(() => undefined);
    return credentials.find(secret);
  }

  return {
    authenticate: (secret) => principalFor(secret, ({ kind }) => kind !== 'session'),
    authenticateSession: (secret) => principalFor(secret, ({ kind }) => kind === 'session'),
    ...createTicketUseCases<Credential>({
      ...deps,
      holders: credentials,
      principalOf: (holder) => (mayHoldTickets(holder) ? principalOf(holder, project) : undefined),
    }),
    ...createTokenUseCases(deps, changes),
    ...createSessionUseCases(deps, changes),
    bootstrap: createBootstrap(deps, changes),
  };
}

/** Sessions and admin tokens read everything; a key of one environment is the most that an address may stand for. */
function mayHoldTickets({ kind }: Credential): boolean {
  return kind === 'sdk' || kind === 'client';
}
