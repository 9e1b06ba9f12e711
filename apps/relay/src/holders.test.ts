import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { ClientsUnknown, createHolders, principalOf, type TellingUpstream } from './holders.ts';

const PAGE = 'spw_client_production_page';
const clock = { now: () => 1_000 };

/** An upstream that follows `environment`, and has told of these client keys, if of any. */
function upstream(
  environment: string,
  keys?: readonly string[],
  number = 1,
): { -readonly [K in keyof TellingUpstream]: TellingUpstream[K] } {
  const digests = keys?.map((key) => ({ key: `id-${key}`, name: key, secret_sha256: hash('sha256', key) }));
  const settings = { client_contexts: 'any', allowed_origins: [] } as const;
  return {
    name: `${environment}-${number}`,
    principal: { kind: 'sdk', name: environment, project: 'default', environment },
    revoked: false,
    access: digests && { environment, number, keys: digests, ...settings },
  };
}

const holdersOf = (...upstreams: readonly TellingUpstream[]) =>
  createHolders(new Map(upstreams.map((one, index) => [`sdk-key-${index}`, one])), clock);

test('a client key that was told of is let in, in its own environment and as itself', () => {
  const holder = holdersOf(upstream('production', [PAGE])).find(PAGE);
  assert.ok(holder !== undefined);
  const { name, environment, kind } = principalOf(holder) as { name: string; environment: string; kind: string };
  assert.deepEqual([kind, name, environment], ['client', PAGE, 'production']);
});

test('of an environment that nobody has told of it is not known; of one that was told of it is refused', () => {
  const silent = upstream('staging');
  assert.throws(() => holdersOf(silent).find(PAGE), ClientsUnknown);
  const production = upstream('production', []);
  assert.equal(holdersOf(production, silent).find(PAGE), undefined, 'so its streams end, whoever else is silent');
  production.revoked = true;
  assert.equal(holdersOf(production, silent).find(PAGE), undefined);
});

test('the newest word counts: a key that is revoked does not come back by an upstream that was lost before', () => {
  const [lost, heard] = [upstream('production', [PAGE], 4), upstream('production', [], 5)];
  assert.equal(holdersOf(lost, heard).find(PAGE), undefined);
  assert.equal(holdersOf(heard, lost).named(`id-${PAGE}`), undefined);
});

test('only the keys that the relay was given sign, each in its environment', () => {
  const holders = holdersOf(upstream('production', [PAGE]), upstream('staging', []));
  assert.deepEqual(
    holders.signers('staging').map(({ secret_sha256 }) => secret_sha256),
    [hash('sha256', 'sdk-key-1')],
  );
});
