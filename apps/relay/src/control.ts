import { createHmac, hash } from 'node:crypto';
import {
  type Clock,
  createEvaluationUseCases,
  createSnapshotUseCases,
  createTicketUseCases,
  type SnapshotSource,
  type Summary,
} from '@spillway/control';
import { accept, refuse } from '@spillway/core';
import type { ApplicationControl, HttpServerOptions } from '@spillway/http';
import type { Upstream } from './upstream.ts';

interface Holder {
  /** No secret. */
  readonly key: string;
  readonly secret_sha256: string;
  readonly upstream: Upstream;
}

const signatures = {
  hmacSha256: (text: string, secret: string) => createHmac('sha256', secret).update(text).digest('base64url'),
};

/** The use cases of the doors for applications, answered from what the upstreams told. */
export function createRelayControl(
  upstreams: ReadonlyMap<string, Upstream>,
  clock: Clock,
  log: HttpServerOptions['log'],
): ApplicationControl {
  // By digest: how long a look-up takes says nothing about a secret.
  const byDigest = new Map(
    [...upstreams].map(([key, upstream]) => {
      const digest = hash('sha256', key);
      return [digest, { key: upstream.name, secret_sha256: digest, upstream }] as const;
    }),
  );
  const byName = new Map([...byDigest.values()].map((holder) => [holder.key, holder]));
  const unlessRevoked = (holder: Holder | undefined) => (holder?.upstream.revoked === true ? undefined : holder);
  /** Of those that come again and again: hashing costs a good part of an evaluation. There are no more of them than keys. */
  const found = new Map<string, Holder>();
  const holderOf = (secret: string) => {
    const holder = found.get(secret) ?? byDigest.get(hash('sha256', secret));
    if (holder !== undefined) found.set(secret, holder);
    return holder;
  };
  const holders = {
    find: (secret: string) => unlessRevoked(holderOf(secret)),
    named: (name: string) => unlessRevoked(byName.get(name)),
  };
  const inEnvironment = (environment: string) =>
    [...upstreams.values()].filter((each) => each.principal.environment === environment);

  const source: SnapshotSource = {
    async feed(environment) {
      const newest = inEnvironment(environment)
        .flatMap(({ feed }) => feed ?? [])
        .reduce<Awaited<ReturnType<SnapshotSource['feed']>> | undefined>(
          (best, feed) => (best?.ok === true && best.value.number >= feed.number ? best : accept(feed)),
          undefined,
        );
      return newest ?? refuse('unavailable', 'This relay has not heard from its upstream yet. Try again in a moment.');
    },
  };

  return {
    access: {
      authenticate: async (secret) => holders.find(secret)?.upstream.principal,
      ...createTicketUseCases({ clock, signatures, holders, principalOf: ({ upstream }) => upstream.principal }),
      // There is nobody to sign in here.
      authenticateSession: async () => undefined,
    },
    snapshots: createSnapshotUseCases(source),
    evaluation: createEvaluationUseCases({
      clock,
      log,
      snapshots: source,
      // Client keys are not relayed, so whoever asks may say for whom.
      subjectOf: (_, context) => accept(context),
      tally: {
        record(environment, { user, ...answered }) {
          const upstream = inEnvironment(environment)[0];
          upstream?.tally.add(answered);
          if (user !== undefined && answered.reason !== 'ERROR') {
            upstream?.users.of(answered.flag, answered.variant)?.meet(user);
          }
        },
      },
    }),
    environments: { allowsOrigin: () => false },
    observations: {
      // Counted together and sent on every ten seconds: however many applications there are, the upstream hears of one.
      async summarise({ principal }, { counts, users = [] }: Summary) {
        const upstream = [...upstreams.values()].find(({ name }) => name === principal.name);
        for (const told of counts) upstream?.tally.add(told);
        for (const met of users) upstream?.users.add(met);
        return accept({
          counted: counts.length,
          // Before the upstream has said whether it takes them they are held for it.
          ...(upstream === undefined || upstream.users.refused ? {} : { unique_users: true as const }),
        });
      },
    },
  };
}
