import { type AccessToken, accept, checkTokenRequest, type Outcome, refuse } from '@spillway/core';
import type { Call } from '../call.ts';
import { listDocuments } from '../documents/list.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, Random, Sha256, Store } from '../ports/index.ts';
import { byOurselves, type CredentialChanges } from './credential-changes.ts';
import type { Credentials } from './credentials.ts';
import { forAdmins } from './for-admins.ts';
import type { AccessUseCases, TokenInput } from './use-cases.ts';

export const MIN_BOOTSTRAP_SECRET_LENGTH = 24;
const BOOTSTRAP_KEY = 'bootstrap';

export interface TokenDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly project: string;
  readonly environments: EnvironmentDirectory;
  readonly credentials: Credentials;
}

/** Tokens and keys as admins see them: all but their secrets, which are shown once. */
export function createTokenUseCases(
  deps: TokenDeps,
  { store, remove }: CredentialChanges,
): Pick<AccessUseCases, 'list' | 'issue' | 'revoke'> {
  const { clock, random, sha256, environments } = deps;

  /** From the idempotency key where there is one, so that a repeated request finds the token of the first. */
  function tokenKey(call: Call): string {
    if (call.idempotency_key === undefined) return random.id();
    return sha256(`${call.principal.name}:${call.idempotency_key}`).slice(0, 32);
  }

  return forAdmins<Pick<AccessUseCases, 'list' | 'issue' | 'revoke'>>({
    async list(_, page) {
      const found = await listDocuments(deps, 'access', page, ({ kind }) => kind !== 'session');
      if (!found.ok) return found;
      const items = found.value.items.flatMap((credential) =>
        credential.kind === 'session' ? [] : [shown(credential)],
      );
      return accept({ ...found.value, items });
    },
    async issue(call, input) {
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
    revoke: (call, key) => remove(call, 'token.revoked', key),
  });
}

/** The first admin token, by which every other comes to be. */
export function createBootstrap(deps: TokenDeps, { store }: CredentialChanges): AccessUseCases['bootstrap'] {
  const { clock, random, sha256, project, credentials } = deps;
  return async (given) => {
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
    const stored = await store({ ...byOurselves(project), reason: 'The first admin token' }, 'token.issued', token);
    return stored.ok ? accept({ secret }) : stored;
  };
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
