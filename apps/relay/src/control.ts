import { createHmac, hash } from 'node:crypto';
import {
  type ClientAccess,
  type Clock,
  createEvaluationUseCases,
  createSnapshotUseCases,
  createTicketUseCases,
  type SnapshotSource,
  type Summary,
  subjectsOf,
  TakenSummaries,
} from '@spillway/control';
import { accept, refuse } from '@spillway/core';
import type { ApplicationControl, HttpServerOptions } from '@spillway/http';
import { createAccessFollowers } from './access-followers.ts';
import { createRelayIntake } from './events/intake.ts';
import { createHolders, principalOf } from './holders.ts';
import type { Upstream } from './upstream.ts';

const sha256 = (text: string) => hash('sha256', text);
const signatures = {
  hmacSha256: (text: string, secret: string) => createHmac('sha256', secret).update(text).digest('base64url'),
  fromBase64url: (encoded: string) => Buffer.from(encoded, 'base64url').toString(),
};

export interface RelayControl extends ApplicationControl {
  /** An upstream has told anew who may ask from a browser. */
  accessChanged(): void;
}

/** The use cases of the doors for applications, answered from what the upstreams told. */
export function createRelayControl(
  upstreams: ReadonlyMap<string, Upstream>,
  clock: Clock,
  log: HttpServerOptions['log'],
): RelayControl {
  const holders = createHolders(upstreams, clock);
  const followers = createAccessFollowers(holders.access);
  const inEnvironment = (environment: string) =>
    [...upstreams.values()].filter((each) => each.principal.environment === environment);

  const taken = new TakenSummaries();
  const wantsSigned = (environment: string) => holders.access(environment)?.client_contexts === 'signed';

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
      async authenticate(secret) {
        const holder = holders.find(secret);
        return holder && principalOf(holder);
      },
      ...createTicketUseCases({ clock, signatures, holders, principalOf }),
      // There is nobody to sign in here.
      authenticateSession: async () => undefined,
    },
    snapshots: createSnapshotUseCases(source),
    accessChanged: followers.changed,
    clientAccess: followers.useCases,
    evaluation: createEvaluationUseCases({
      clock,
      log,
      snapshots: source,
      subjectOf: subjectsOf({
        ...{ clock, sha256, signatures, wantsSigned },
        signers: holders.signers,
      }),
      tally: {
        record: (environment, answered) => inEnvironment(environment)[0]?.tally.add(answered, answered.user),
      },
    }),
    environments: {
      allowsOrigin(origin, environment) {
        const asked = environment === undefined ? holders.accesses() : [holders.access(environment)];
        return asked.some((access) => allows(access, origin));
      },
    },
    events: createRelayIntake({
      ...{ clock, wantsSigned },
      upstreamOf: (environment) => inEnvironment(environment).find(({ revoked }) => !revoked),
    }),
    observations: {
      // Counted together and sent on every ten seconds: however many applications there are, the upstream hears of one.
      async summarise(call, { counts, users = [] }: Summary) {
        const upstream = [...upstreams.values()].find(({ name }) => name === call.principal.name);
        for (const told of taken.has(call) ? [] : counts) upstream?.tally.add(told);
        taken.add(call);
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

function allows(access: ClientAccess | undefined, origin: string): boolean {
  const allowed = access?.allowed_origins ?? [];
  return allowed.includes(origin) || allowed.includes('*');
}
