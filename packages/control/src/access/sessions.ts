import { accept, refuse } from '@spillway/core';
import type { Clock, Random, Sha256 } from '../ports/index.ts';
import type { Session } from './credential.ts';
import { byOurselves, type CredentialChanges } from './credential-changes.ts';
import type { Credentials } from './credentials.ts';
import { forAdmins } from './for-admins.ts';
import { createSignInCodes, SIGN_IN_CODE_MS } from './sign-in-codes.ts';
import type { AccessUseCases } from './use-cases.ts';

export const SESSION_MS = 12 * 60 * 60_000;
/** Expired sessions that one sign-in clears away. */
const SWEEP = 20;

export interface SessionDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly project: string;
  readonly credentials: Credentials;
}

type SessionUseCases = Pick<AccessUseCases, 'createSignInCode' | 'offerSignIn' | 'signIn' | 'signOut'>;

/** How people come in with a link, and go. */
export function createSessionUseCases(deps: SessionDeps, { store, remove }: CredentialChanges): SessionUseCases {
  const { clock, random, credentials } = deps;
  const codes = createSignInCodes(deps);
  const ourselves = byOurselves(deps.project);

  async function sweep(): Promise<void> {
    for (const { kind, key } of credentials.expired().slice(0, SWEEP)) {
      if (kind === 'session') await remove(ourselves, 'session.expired', key);
    }
  }

  return {
    createSignInCode: () => codes.create(),
    ...forAdmins<Pick<AccessUseCases, 'offerSignIn'>>({
      offerSignIn: async () => accept({ code: codes.create(), expires_at_ms: clock.now() + SIGN_IN_CODE_MS }),
    }),
    async signIn(code) {
      if (!codes.redeem(code)) return deadCode();
      const secret = `spw_session_${random.secret()}`;
      const session = sessionFor(secret, deps);
      const stored = await store(ourselves, 'session.started', session);
      if (!stored.ok) return stored;
      await sweep();
      return accept({ secret, principal: ourselves.principal, expires_at_ms: session.expires_at_ms });
    },
    async signOut(secret) {
      const credential = credentials.find(secret);
      if (credential?.kind !== 'session') return;
      await remove(ourselves, 'session.ended', credential.key);
    },
  };
}

function sessionFor(secret: string, { clock, random, sha256, project }: SessionDeps): Session {
  const created_at_ms = clock.now();
  return {
    key: `session.${random.id()}`,
    kind: 'session',
    name: byOurselves(project).principal.name,
    secret_sha256: sha256(secret),
    created_at_ms,
    expires_at_ms: created_at_ms + SESSION_MS,
  };
}

function deadCode() {
  return refuse(
    'unauthenticated',
    'This sign-in code does not work. Codes work once and for ten minutes; ask for a new sign-in link.',
  );
}
