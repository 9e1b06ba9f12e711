import { join } from 'node:path';
import { connect, type Received, type Receiver } from '@spillway/client/connection';
import { checkAgainst, endpoints, clientAccess as schema } from '@spillway/contract';
import type { ClientAccess } from '@spillway/control';
import { nodePlatform } from '@spillway/node/platform';
import { checkedStorage } from './checked-storage.ts';
import type { UpstreamOptions } from './upstream.ts';

/** The name of the event that an answer to the whole question is read as. */
const EVENT = 'client_access';
/** Of what is wrong with an answer, the first says enough. */
const MOST_PROBLEMS = 1;

/** Who may ask from a browser in one environment, as the upstream told it last. */
export interface FollowedAccess {
  /** Undefined until anything good has arrived, now or before a restart. */
  readonly current: ClientAccess | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface FollowedAccessOptions
  extends Pick<UpstreamOptions, 'url' | 'key' | 'dataDirectory' | 'log' | 'onAccessChanged'> {
  /** Of the key; no secret. */
  readonly name: string;
  /** The environment that the key's definitions are of, once known: what is of another is not taken. */
  readonly environment: () => string | undefined;
}

/** Follows it like definitions: checked, never going back, and kept for the next start. */
export function followAccess(options: FollowedAccessOptions): FollowedAccess {
  const { name, url, key, log } = options;
  const platform = nodePlatform({
    cacheFile: join(options.dataDirectory, `${name}.clients`),
    log: (level, message) => log[level]({ key: name }, message),
  });
  const storage = platform.storage && checkedStorage(platform.storage);
  let current: ClientAccess | undefined;
  /** Whether the server itself has said it: what the disk says is asked for again. */
  let confirmed = false;
  let writing = Promise.resolve();
  let disconnect = () => {};

  function take(text: string): Received {
    const read = readAccess(text);
    if (typeof read === 'string') return { is: 'refused', problem: `who may ask from browsers: ${read}` };
    const environment = options.environment();
    if (environment !== undefined && read.environment !== environment) {
      return { is: 'refused', problem: `who may ask from browsers: is of the environment ${read.environment}` };
    }
    if (current !== undefined && read.number < current.number) {
      return { is: 'refused', problem: `who may ask from browsers: ${read.number} is older than ${current.number}` };
    }
    current = read;
    options.onAccessChanged();
    return { is: 'current' };
  }

  const receiver: Receiver = {
    resumeFrom: () => (confirmed ? current?.number : undefined),
    receive(event, data) {
      if (event !== EVENT) return { is: 'current' };
      const received = take(data);
      if (received.is === 'current') {
        confirmed = true;
        writing = writing
          .then(() => storage?.write(data))
          .catch((error: unknown) => {
            log.warn({ key: name, err: error }, 'who may ask from browsers was not stored');
          });
      }
      return received;
    },
  };

  return {
    get current() {
      return current;
    },
    async start() {
      try {
        const text = await storage?.read();
        if (text !== undefined) take(text);
      } catch (error) {
        log.warn({ key: name, err: error }, 'who may ask from browsers is not known from before');
      }
      const headers = { authorization: `Bearer ${key}` };
      const base = url.replace(/\/+$/, '');
      const target = {
        stream: { url: `${base}${endpoints.clientAccessStream.path}`, method: 'GET', headers },
        whole: { url: `${base}${endpoints.clientAccess.path}`, method: 'GET', headers, event: EVENT },
      } as const;
      disconnect = connect(target, receiver, platform, (link) => {
        if (link.is !== 'live') log.debug({ key: name, problem: link.problem }, 'client keys are not followed');
      });
    },
    async stop() {
      disconnect();
      await writing;
    },
  };
}

/** What is wrong with it, if anything is. */
function readAccess(text: string): ClientAccess | string {
  try {
    const checked = checkAgainst(schema, JSON.parse(text), MOST_PROBLEMS);
    if (checked.ok) return checked.value;
    const [{ path, message } = { path: [], message: 'breaks a rule' }] = checked.found;
    return `${path.join('/')} ${message}`;
  } catch {
    return 'is no JSON';
  }
}
