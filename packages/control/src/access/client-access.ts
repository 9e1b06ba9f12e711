import {
  type AccessToken,
  accept,
  type BrowserSettings,
  browserSettings,
  type LogEntry,
  type Outcome,
  refuse,
} from '@spillway/core';
import type { Call } from '../call.ts';
import type { Control } from '../control.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Log } from '../ports/index.ts';
import type { Credentials } from './credentials.ts';
import { requireReader } from './permission.ts';

/** Who may ask from a browser in an environment. No secret is in it, nor anything that signs like one. */
export interface ClientAccess extends BrowserSettings {
  readonly environment: string;
  /** Of the entry in the log that made it so; grows with every change. */
  readonly number: number;
  /** The client keys in force, by key. */
  readonly keys: readonly ClientKeyDigest[];
}

export interface ClientKeyDigest {
  readonly key: string;
  readonly name: string;
  /** Lower-case hex. */
  readonly secret_sha256: string;
  readonly expires_at_ms?: number;
}

/** What relays have to know to let browsers in as this server does, kept current from the log. */
export interface ClientAccesses {
  readonly useCases: Control['clientAccess'];
  /** After credentials and environments, as of the entry `head`. */
  load(head: number): void;
  /** After these two have taken the entry. */
  apply(entry: LogEntry): void;
}

export function createClientAccesses(deps: {
  readonly credentials: Pick<Credentials, 'inForce'>;
  readonly environments: Pick<EnvironmentDirectory, 'all'>;
  readonly follower: Pick<LogFollower, 'catchUp'>;
  readonly log: Log;
}): ClientAccesses {
  const told = new Map<string, ClientAccess>();
  const listeners = new Map<string, Set<{ readonly hear: (access: ClientAccess) => void }>>();

  function look(number: number): readonly ClientAccess[] {
    const clients = deps.credentials.inForce().flatMap((one) => (one.kind === 'client' ? [one] : []));
    const keys = Map.groupBy(clients, ({ environment }) => environment);
    return deps.environments.all().flatMap(({ key, ...settings }) => {
      const known = told.get(key);
      const now: ClientAccess = {
        environment: key,
        number,
        ...browserSettings(settings),
        keys: (keys.get(key) ?? []).map(digestOf).sort((one, other) => (one.key < other.key ? -1 : 1)),
      };
      if (known !== undefined && JSON.stringify({ ...known, number }) === JSON.stringify(now)) return [];
      told.set(key, now);
      return [now];
    });
  }

  function tell(access: ClientAccess): void {
    for (const { hear } of listeners.get(access.environment) ?? []) {
      try {
        hear(access);
      } catch (error) {
        deps.log.error({ err: error, environment: access.environment }, 'A listener to client keys failed');
      }
    }
  }

  /** Who has seen `since` may come from a replica that is ahead of this one. */
  async function current(call: Call, since = 0): Promise<Outcome<ClientAccess>> {
    const reader = requireReader(call);
    if (!reader.ok) return reader;
    const { environment } = reader.value;
    if (since > (told.get(environment)?.number ?? -1)) await deps.follower.catchUp();
    const access = told.get(environment);
    if (access !== undefined) return accept(access);
    return refuse('not_found', `There is no environment ${JSON.stringify(environment)} any more.`);
  }

  return {
    useCases: {
      current: (call) => current(call),
      async subscribe(call, since, listener) {
        const now = await current(call, since);
        if (!now.ok) return now;
        const { environment, number } = now.value;
        if (since !== number) listener(now.value);
        const all = listeners.get(environment) ?? new Set();
        listeners.set(environment, all);
        const entry = { hear: listener };
        all.add(entry);
        return accept({ close: () => void all.delete(entry) });
      },
    },
    load: (head) => void look(head),
    apply(entry) {
      if (concernsBrowsers(entry)) look(entry.seq).forEach(tell);
    },
  };
}

/** People sign in more often than keys come and go. */
function concernsBrowsers({ noun, before, after }: LogEntry): boolean {
  if (noun === 'environments') return true;
  return (
    noun === 'access' && [before, after].some((one) => (one as { readonly kind?: unknown } | null)?.kind === 'client')
  );
}

/** Named field by field: what else is kept of a key stays here. */
function digestOf({ key, name, secret_sha256, expires_at_ms }: AccessToken): ClientKeyDigest {
  return { key, name, secret_sha256, ...(expires_at_ms === undefined ? {} : { expires_at_ms }) };
}
