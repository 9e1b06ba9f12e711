import { hash } from 'node:crypto';
import type { ClientAccess, ClientKeyDigest, Clock, Signer } from '@spillway/control';
import type { Principal } from '@spillway/core';
import type { Upstream } from './upstream.ts';

/** Somebody whose key opens the doors for applications. */
export interface Holder {
  /** No secret. */
  readonly key: string;
  readonly secret_sha256: string;
  readonly upstream: TellingUpstream;
  /** Of a client key; absent: the holder shows the very key that the upstream is followed with. */
  readonly client?: ClientKeyDigest;
}

/** As much of an upstream as says who may come in. */
export type TellingUpstream = Pick<Upstream, 'name' | 'principal' | 'access' | 'revoked'>;

export interface Holders {
  find(secret: string): Holder | undefined;
  named(key: string): Holder | undefined;
  /** Who may ask from a browser there; undefined until an upstream has told it. */
  access(environment: string): ClientAccess | undefined;
  /** The same of every environment. */
  accesses(): readonly ClientAccess[];
  /** The SDK keys that may have signed contexts in an environment: those that this relay was given. */
  signers(environment: string): readonly Signer[];
}

/** Nobody can say yet whether a client key counts: the upstream has never told of any. */
export class ClientsUnknown extends Error {}

interface Clients {
  readonly byKey: ReadonlyMap<string, Holder>;
  readonly byDigest: ReadonlyMap<string, Holder>;
}

const CLIENT_KEY = 'spw_client_';

/** Everybody who may come in, by the keys that the relay was given and the client keys that the upstreams told of. */
export function createHolders(upstreams: ReadonlyMap<string, TellingUpstream>, clock: Pick<Clock, 'now'>): Holders {
  // By digest: how long a look-up takes says nothing about a secret.
  const byDigest = new Map(
    [...upstreams].map(([key, upstream]) => {
      const digest = hash('sha256', key);
      return [digest, { key: upstream.name, secret_sha256: digest, upstream }] as const;
    }),
  );
  const byName = new Map([...byDigest.values()].map((holder) => [holder.key, holder]));
  /** Of those that come again and again: hashing costs a good part of an evaluation. There are no more of them than keys. */
  const found = new Map<string, Holder>();
  const clients = new WeakMap<ClientAccess, Clients>();
  const inForce = () => [...upstreams.values()].filter(({ revoked }) => !revoked);

  function ownHolder(secret: string): Holder | undefined {
    const known = found.get(secret);
    if (known !== undefined) return known;
    const holder = byDigest.get(hash('sha256', secret));
    if (holder !== undefined) found.set(secret, holder);
    return holder;
  }

  /** What is the newest word for each environment: an upstream that was lost may still tell of keys that are revoked. */
  function tellers(): ReadonlyMap<string, TellingUpstream> {
    const newest = new Map<string, TellingUpstream>();
    for (const upstream of inForce()) {
      const { access } = upstream;
      if (access === undefined) continue;
      const best = newest.get(access.environment)?.access;
      if (best === undefined || access.number > best.number) newest.set(access.environment, upstream);
    }
    return newest;
  }

  /** Made once for each word of an upstream, so that a holder is the same object as long as it holds. */
  function clientsOf(access: ClientAccess, upstream: TellingUpstream): Clients {
    const known = clients.get(access);
    if (known !== undefined) return known;
    const all = access.keys.map((client): Holder => ({ ...client, upstream, client }));
    const made = {
      byKey: new Map(all.map((holder) => [holder.key, holder])),
      byDigest: new Map(all.map((holder) => [holder.secret_sha256, holder])),
    };
    clients.set(access, made);
    return made;
  }

  function client(by: keyof Clients, name: string): Holder | undefined {
    for (const upstream of tellers().values()) {
      const holder = upstream.access && clientsOf(upstream.access, upstream)[by].get(name);
      if (holder !== undefined) return (holder.client?.expires_at_ms ?? Infinity) > clock.now() ? holder : undefined;
    }
    return undefined;
  }

  /** Once somebody has told of the environment that a key names, what was told is the answer, whoever else is silent. */
  function mayBeOfOneUnheard(secret: string): boolean {
    const told = [...upstreams.values()].flatMap(({ access }) => access ?? []);
    if (told.some(({ environment }) => secret.startsWith(`${CLIENT_KEY}${environment}_`))) return false;
    return inForce().some(({ access }) => access === undefined);
  }

  const unlessRevoked = (holder: Holder | undefined) => (holder?.upstream.revoked === true ? undefined : holder);

  return {
    find(secret) {
      if (!secret.startsWith(CLIENT_KEY)) return unlessRevoked(ownHolder(secret));
      const holder = client('byDigest', hash('sha256', secret));
      if (holder === undefined && mayBeOfOneUnheard(secret)) throw new ClientsUnknown();
      return holder;
    },
    named: (key) => unlessRevoked(byName.get(key)) ?? client('byKey', key),
    access: (environment) => tellers().get(environment)?.access,
    accesses: () => [...tellers().values()].flatMap(({ access }) => access ?? []),
    signers: (environment) =>
      [...byDigest.values()].filter(
        ({ upstream }) => !upstream.revoked && upstream.principal.environment === environment,
      ),
  };
}

export function principalOf({ upstream, client }: Holder): Principal {
  if (client === undefined) return upstream.principal;
  const { project } = upstream.principal;
  return { kind: 'client', project, name: client.name, environment: upstream.access?.environment ?? '' };
}
