import { hash } from 'node:crypto';
import { join } from 'node:path';
import { connect, type Link } from '@spillway/client/connection';
import { createKeeper, createSummaries, definitionsAt, type Source, type Summaries } from '@spillway/client/relaying';
import type { ClientAccess, SnapshotFeed } from '@spillway/control';
import type { Principal } from '@spillway/core';
import type { HttpServerOptions } from '@spillway/http';
import { nodePlatform, signatureCheck } from '@spillway/node/platform';
import { checkedStorage } from './checked-storage.ts';
import { followAccess } from './client-access.ts';
import { createRelayedEvents, type EventsStanding, type RelayedEvents } from './events/relayed-events.ts';
import { createFeed } from './feed.ts';

const NAME_DIGITS = 12;

/** How one key's environment stands; nothing of the key itself. */
export interface Freshness {
  readonly name: string;
  readonly environment: string | null;
  /** 0 while there is none. */
  readonly configuration: number;
  readonly source: Source;
  /** Whether the upstream is being followed right now. */
  readonly live: boolean;
  /** Since when it is not; null while it is. */
  readonly stale_since: string | null;
  /** How many client keys are let in; null until the upstream has told of them. */
  readonly client_keys: number | null;
  readonly events: EventsStanding;
}

/** One key: follows the upstream with it, and lets applications in that show it. */
export interface Upstream {
  readonly name: string;
  readonly principal: Extract<Principal, { kind: 'sdk' | 'client' }>;
  readonly feed: SnapshotFeed | undefined;
  /** Who may ask from a browser there; undefined until the upstream has said it. */
  readonly access: ClientAccess | undefined;
  readonly tally: Summaries['tally'];
  readonly users: Summaries['users'];
  readonly events: Pick<RelayedEvents, 'hasRoomFor' | 'add'>;
  readonly freshness: Freshness;
  /** The upstream has said that the key counts no longer. */
  readonly revoked: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface UpstreamOptions {
  readonly url: string;
  readonly key: string;
  readonly dataDirectory: string;
  readonly log: HttpServerOptions['log'];
  /** Public keys, with one of which everything must be signed. */
  readonly verifyWith?: readonly string[];
  /** Called when the upstream takes the key back. */
  readonly onRevoked: () => void;
  /** Called when the upstream has told anew who may ask from a browser. */
  readonly onAccessChanged: () => void;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { url, key, dataDirectory, log, onRevoked, verifyWith } = options;
  const name = `key-${hash('sha256', key).slice(0, NAME_DIGITS)}`;
  const platform = nodePlatform({
    cacheFile: join(dataDirectory, `${name}.snapshot`),
    log: (level, message) => log[level]({ key: name }, message),
  });
  const storage = platform.storage && checkedStorage(platform.storage);
  const keeper = createKeeper(storage === undefined ? platform : { ...platform, storage });
  const check = signatureCheck({ sdkKey: key, ...(verifyWith === undefined ? {} : { verifyWith }) });
  const relayed = createFeed({ keep: keeper.keep, log, ...check });
  const summaries = createSummaries({ url, sdkKey: key }, platform, 'sent later');
  const events = createRelayedEvents({ url, key, path: join(dataDirectory, `${name}.events`), platform });
  const environment = () => relayed.configuration?.snapshot.environment;
  const access = followAccess({ ...options, name, environment });
  let link: Link['is'] | 'starting' = 'starting';
  let staleSince = platform.now();
  let revoked = false;
  let disconnect = () => {};

  const report = (next: Link) => {
    if (next.is !== link) {
      const { configuration } = relayed;
      const line = {
        key: name,
        environment: configuration?.snapshot.environment,
        configuration: configuration?.number,
      };
      if (next.is === 'live') log.info(line, 'following the upstream');
      else log.warn({ ...line, problem: next.problem }, 'the upstream is not followed');
      if (link === 'live') staleSince = platform.now();
    }
    link = next.is;
    const before = revoked;
    // A 403 may come from anything between the two; only the upstream itself knows that it no longer knows the key.
    revoked = next.is === 'denied' ? next.status === 401 : revoked && next.is !== 'live';
    if (revoked && !before) onRevoked();
  };

  const restore = async () => {
    try {
      const text = await storage?.read();
      if (text === undefined) return;
      const received = relayed.restore(text);
      if (received.is === 'refused') log.warn({ key: name }, `the stored snapshot is not used: ${received.problem}`);
    } catch (error) {
      log.warn({ key: name, err: error }, 'the stored snapshot is not used');
    }
  };

  return {
    name,
    get principal() {
      const { project = '', environment = '' } = relayed.configuration?.snapshot ?? {};
      return { kind: 'sdk', name, project, environment } as const;
    },
    get feed() {
      return relayed.feed;
    },
    get access() {
      return access.current;
    },
    tally: summaries.tally,
    users: summaries.users,
    events,
    get freshness() {
      const live = link === 'live';
      return {
        name,
        environment: environment() ?? null,
        configuration: relayed.configuration?.number ?? 0,
        source: relayed.source,
        live,
        stale_since: live ? null : new Date(staleSince).toISOString(),
        client_keys: access.current?.keys.length ?? null,
        events: events.standing,
      };
    },
    get revoked() {
      return revoked;
    },
    async start() {
      await restore();
      summaries.start();
      disconnect = connect(definitionsAt({ url, sdkKey: key }), relayed.receiver, platform, report);
      await Promise.all([access.start(), events.start()]);
    },
    async stop() {
      disconnect();
      await Promise.all([keeper.flush(), summaries.stop(), access.stop(), events.stop()]);
    },
  };
}
