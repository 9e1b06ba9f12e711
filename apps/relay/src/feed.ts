import { hash } from 'node:crypto';
import type { SignatureCheck } from '@spillway/client';
import type { Received, Receiver } from '@spillway/client/connection';
import { Holder, type Source } from '@spillway/client/relaying';
import { createFollowers, createSnapshotWriter, etagOf, type SnapshotFeed } from '@spillway/control';
import { type Configuration, parseDelta, type Snapshot } from '@spillway/evaluator';
import type { HttpServerOptions } from '@spillway/http';

const sha256 = (text: string) => hash('sha256', text);

/** One environment as the upstream told it: received on one side, read and followed on the other. */
export interface RelayedFeed {
  readonly receiver: Receiver;
  /** Undefined until anything good has arrived; what it answers follows what is received. */
  readonly feed: SnapshotFeed | undefined;
  readonly configuration: Configuration | undefined;
  readonly source: Source;
  /** Takes what was stored, unless something better is there already. */
  restore(text: string): Received;
}

export interface RelayedFeedDeps {
  readonly keep: (snapshot: Snapshot) => void;
  readonly log: HttpServerOptions['log'];
  readonly checkSignature?: SignatureCheck;
}

export function createFeed({ keep, log, checkSignature }: RelayedFeedDeps): RelayedFeed {
  const holder = new Holder(() => undefined, checkSignature);
  const write = createSnapshotWriter();
  let serialised: ReturnType<SnapshotFeed['serialised']> | undefined;

  function held(): Configuration {
    if (holder.configuration === undefined) throw new Error('a feed was read before anything had arrived');
    return holder.configuration;
  }

  function serialise(): ReturnType<SnapshotFeed['serialised']> {
    const { snapshot, number } = held();
    if (serialised?.snapshot !== snapshot) {
      const text = write.snapshot(snapshot);
      serialised = { snapshot, text, etag: etagOf(number, text, sha256) };
    }
    return serialised;
  }

  const followers = createFollowers(
    {
      get environment() {
        return held().snapshot.environment;
      },
      get number() {
        return held().number;
      },
      serialised: serialise,
    },
    log,
  );
  const feed: SnapshotFeed = {
    get number() {
      return held().number;
    },
    serialised: serialise,
    configuration: held,
    subscribe: followers.subscribe,
  };

  /** Runs what may replace the held configuration, and hands on what has changed. */
  function taking(take: () => Received, delta?: string): Received {
    const before = holder.configuration;
    const received = take();
    const after = holder.configuration;
    if (after === undefined || after === before) return received;
    if (holder.source === 'server') keep(after.snapshot);
    if (before?.number === after.number && before.snapshot.environment === after.snapshot.environment) return received;
    const parsed = delta === undefined ? undefined : parseDelta(JSON.parse(delta));
    if (parsed?.ok === true && delta !== undefined) {
      followers.change({ event: 'delta', id: after.number, data: parsed.delta, text: delta });
    } else followers.replace();
    return received;
  }

  return {
    receiver: {
      resumeFrom: () => holder.resumeFrom(),
      receive: (event, data) => taking(() => holder.receive(event, data), event === 'delta' ? data : undefined),
    },
    get feed() {
      return holder.configuration === undefined ? undefined : feed;
    },
    get configuration() {
      return holder.configuration;
    },
    get source() {
      return holder.source;
    },
    restore: (text) => taking(() => holder.offer(JSON.parse(text), 'cache')),
  };
}
