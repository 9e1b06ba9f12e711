import { join } from 'node:path';
import type { Platform } from '@spillway/client/connection';
import type { StoredEvent } from '@spillway/control';
import { createForwarder, type Forwarder } from './forwarder.ts';
import { Spool } from './spool.ts';

export type EventSource = StoredEvent['source'];

/** How one key's events stand. */
export interface EventsStanding {
  /** On the disk, until the upstream has them. */
  readonly waiting: number;
  /** Taken here since the start of this process, and lost: the upstream refused them, or the disk has damaged them. */
  readonly dropped: number;
}

/** The events of one key on their way to the upstream. */
export interface RelayedEvents {
  hasRoomFor(source: EventSource, events: number): boolean;
  /** Resolves once they are on the disk. */
  add(source: EventSource, events: readonly StoredEvent[]): Promise<void>;
  readonly standing: EventsStanding;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface RelayedEventsOptions {
  readonly url: string;
  readonly key: string;
  /** What the names of its files begin with. */
  readonly path: string;
  readonly platform: Platform;
}

interface Lane {
  readonly spool: Spool;
  readonly forwarder: Forwarder;
}

/** Servers and pages apart: whoever floods the key that pages show keeps no server's events waiting. */
export function createRelayedEvents({ url, key, path, platform }: RelayedEventsOptions): RelayedEvents {
  const laneOf = (source: EventSource, directory: string): Lane => {
    const spool = new Spool(directory);
    return { spool, forwarder: createForwarder({ url, key, source }, spool, platform) };
  };
  const lanes = { sdk: laneOf('sdk', join(path, 'servers')), client: laneOf('client', join(path, 'pages')) };
  const each = Object.values(lanes);
  return {
    hasRoomFor: (source, events) => lanes[source].spool.hasRoomFor(events),
    async add(source, events) {
      const { spool, forwarder } = lanes[source];
      await spool.add(events.map((event) => JSON.stringify(sentForm(event))));
      forwarder.wake();
    },
    get standing() {
      return {
        waiting: each.reduce((sum, { spool }) => sum + spool.events, 0),
        dropped: each.reduce((sum, { forwarder }) => sum + forwarder.dropped, 0),
      };
    },
    async start() {
      for (const { spool, forwarder } of each) {
        await spool.open();
        if (spool.events > 0) forwarder.wake();
      }
    },
    async stop() {
      await Promise.all(each.map(({ forwarder }) => forwarder.stop()));
      await Promise.all(each.map(({ spool }) => spool.close()));
    },
  };
}

/** As the door for events takes it. */
function sentForm({ id, type, at_ms, user, flag, variant, name, body }: StoredEvent): object {
  const { value, context, details, configuration } = body;
  const about = { ...(user === null ? {} : { user }), ...(isObject(context) ? context : {}) };
  const head = { id, type, at: new Date(at_ms).toISOString(), context: about };
  const more = isObject(details) && Object.keys(details).length > 0 ? { details } : {};
  if (type === 'flag_evaluated') {
    return { ...head, ...more, flag, variant, ...(typeof configuration === 'number' ? { configuration } : {}) };
  }
  return { ...head, ...more, name, ...(typeof value === 'number' ? { value } : {}) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
