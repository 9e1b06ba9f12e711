import { type AccessToken, accept, checkTokenRequest, type Outcome, type Principal, refuse } from '@spillway/core';
import type { Call, Versioned } from '../call.ts';
import { answered, removed } from '../documents/answered.ts';
import type { Changes } from '../documents/changes.ts';
import { listDocuments } from '../documents/list.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Log, Random, Sha256, Signatures, Store } from '../ports/index.ts';
import { type Credential, principalOf, type Session } from './credential.ts';
import type { Credentials } from './credentials.ts';
import { requireAdmin } from './permission.ts';
import { createSharedLook } from './shared-look.ts';
import { createSignInCodes, SIGN_IN_CODE_MS } from './sign-in-codes.ts';
import { createTicketUseCases } from './ticket-use-cases.ts';
import type { AccessUseCases, TokenInput } from './use-cases.ts';

export const SESSION_MS = 12 * 60 * 60_000;
export const MIN_BOOTSTRAP_SECRET_LENGTH = 24;
const BOOTSTRAP_KEY = 'bootstrap';
const SESSION_NAME = 'admin';
/** How everything that is issued begins; a secret of another form came with the settings and is known from the start. */
const ISSUED = /^spw_[a-z]+_/;
/** Expired sessions that one sign-in clears away. */
const SWEEP = 20;

export interface AccessDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly signatures: Signatures;
  readonly log: Log;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
  readonly credentials: Credentials;
  readonly follower: Pick<LogFollower, 'catchUp'>;
}

export function createAccessUseCases(deps: AccessDeps): AccessUseCases {
  const { clock, random, sha256, project, changes, environments, credentials } = deps;
  const codes = createSignInCodes(deps);
  const lookAgain = createSharedLook(() => deps.follower.catchUp());
  const ourselves: Principal = { kind: 'admin', project, name: SESSION_NAME, via: 'session' };

  async function store(call: Call, action: string, credential: Credential): Promise<Outcome<Versioned<Credential>>> {
    const { key, kind, name } = credential;
    const request = { noun: 'access', key, name: 'token', request: { kind, name } } as const;
    return answered(await changes.change(call, request, () => accept({ is: 'write', action, after: credential })));
  }

  async function remove(call: Call, action: string, key: string): Promise<Outcome<void>> {
    const request = { noun: 'access', key, name: 'token', request: { action } } as const;
    return removed(
      await changes.change(call, request, (credential) => {
        if (credential !== undefined) return accept({ is: 'remove', action });
        return refuse('not_found', `There is no token ${JSON.stringify(key)}. It may have been revoked already.`);
      }),
    );
  }

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

  async function sweep(): Promise<void> {
    for (const { kind, key } of credentials.expired().slice(0, SWEEP)) {
      if (kind === 'session') await remove({ principal: ourselves }, 'session.expired', key);
    }
  }

  return {
    authenticate: (secret) => principalFor(secret, ({ kind }) => kind !== 'session'),
    authenticateSession: (secret) => principalFor(secret, ({ kind }) => kind === 'session'),
    ...createTicketUseCases<Credential>({
      ...deps,
      holders: credentials,
      principalOf: (holder) => (mayHoldTickets(holder) ? principalOf(holder, project) : undefined),
    }),
    async list(call, page) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const found = await listDocuments(deps, 'access', page, ({ kind }) => kind !== 'session');
      if (!found.ok) return found;
      const items = found.value.items.flatMap((credential) =>
        credential.kind === 'session' ? [] : [shown(credential)],
      );
      return accept({ ...found.value, items });
    },
    async issue(call, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await environments.lookAgainFor(input.environment === undefined ? [] : [input.environment]);
      const checked = checkTokenRequest(input, environments.keys);
      if (!checked.ok) return checked;
      const secret = secretFor(input, random);
      const token = tokenFor(input, tokenKey(call), sha256(secret), clock.now());
      const stored = await store(call, 'token.issued', token);
      if (!stored.ok) return stored;
      if (stored.value.secret_sha256 === token.secret_sha256) return accept({ ...shown(token), secret });
      return refuse(
        'conflict',
        `The token ${token.key} was issued already and its secret was shown then. Revoke it and issue a new one.`,
      );
    },
    async revoke(call, key) {
      const admin = requireAdmin(call);
      return admin.ok ? remove(call, 'token.revoked', key) : admin;
    },
    createSignInCode: () => codes.create(),
    async offerSignIn(call) {
      const admin = requireAdmin(call);
      return admin.ok ? accept({ code: codes.create(), expires_at_ms: clock.now() + SIGN_IN_CODE_MS }) : admin;
    },
    async signIn(code) {
      if (!codes.redeem(code)) {
        return refuse(
          'unauthenticated',
          'This sign-in code does not work. Codes work once and for ten minutes; ask for a new sign-in link.',
        );
      }
      const secret = `spw_session_${random.secret()}`;
      const created_at_ms = clock.now();
      const session: Session = {
        key: `session.${random.id()}`,
        kind: 'session',
        name: SESSION_NAME,
        secret_sha256: sha256(secret),
        created_at_ms,
        expires_at_ms: created_at_ms + SESSION_MS,
      };
      const stored = await store({ principal: ourselves }, 'session.started', session);
      if (!stored.ok) return stored;
      await sweep();
      return accept({ secret, principal: ourselves, expires_at_ms: session.expires_at_ms });
    },
    async signOut(secret) {
      const credential = credentials.find(secret);
      if (credential?.kind !== 'session') return;
      await remove({ principal: ourselves }, 'session.ended', credential.key);
    },
    async bootstrap(given) {
      const enough = checkBootstrapSecret(given);
      if (!enough.ok) return enough;
      const has =
        given === undefined
          ? credentials.inForce().some(({ kind }) => kind === 'admin')
          : credentials.find(given)?.kind === 'admin';
      if (has) return accept({});
      const input: TokenInput = { name: BOOTSTRAP_KEY, kind: 'admin' };
      const secret = given ?? secretFor(input, random);
      const token = tokenFor(input, BOOTSTRAP_KEY, sha256(secret), clock.now());
      const stored = await store({ principal: ourselves, reason: 'The first admin token' }, 'token.issued', token);
      return stored.ok ? accept({ secret }) : stored;
    },
  };

  /** From the idempotency key where there is one, so that a repeated request finds the token of the first. */
  function tokenKey(call: Call): string {
    if (call.idempotency_key === undefined) return random.id();
    return sha256(`${call.principal.name}:${call.idempotency_key}`).slice(0, 32);
  }
}

/** Sessions and admin tokens read everything; a key of one environment is the most that an address may stand for. */
function mayHoldTickets({ kind }: Credential): boolean {
  return kind === 'sdk' || kind === 'client';
}

/** The prefix tells secret scanners, and people who find one, what it is. */
function secretFor({ kind, environment }: TokenInput, random: Random): string {
  return kind === 'admin' ? `spw_admin_${random.secret()}` : `spw_${kind}_${environment}_${random.secret()}`;
}

function tokenFor(input: TokenInput, key: string, secret_sha256: string, created_at_ms: number): AccessToken {
  const { name, kind, environment, expires_in_ms } = input;
  return {
    key,
    kind,
    name: name.trim(),
    secret_sha256,
    ...(environment === undefined ? {} : { environment }),
    created_at_ms,
    ...(expires_in_ms === undefined ? {} : { expires_at_ms: created_at_ms + expires_in_ms }),
  };
}

/** Named field by field, so that nothing added to the stored form is ever shown by accident. */
function shown({
  key,
  kind,
  name,
  environment,
  created_at_ms,
  expires_at_ms,
}: AccessToken): Omit<AccessToken, 'secret_sha256'> {
  return {
    key,
    kind,
    name,
    ...(environment === undefined ? {} : { environment }),
    created_at_ms,
    ...(expires_at_ms === undefined ? {} : { expires_at_ms }),
  };
}

function checkBootstrapSecret(secret: string | undefined): Outcome<void> {
  if (secret === undefined || secret.length >= MIN_BOOTSTRAP_SECRET_LENGTH) return accept(undefined);
  return refuse(
    'invalid',
    `The admin token must be at least ${MIN_BOOTSTRAP_SECRET_LENGTH} characters long, so that nobody guesses it.`,
  );
}
