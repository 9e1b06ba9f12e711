import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpServerOptions } from '@spillway/http';
import { Spool } from './events/spool.ts';

const DAY_MS = 86_400_000;
/** A key may be left out by mistake; what waits for it is kept for so long. */
export const KEPT_DAYS = 7;
const OF_A_KEY = /^(key-[0-9a-f]{12})\.(?:snapshot|clients|events|left)$/;

export interface LeftKeysOptions {
  readonly directory: string;
  /** What the files of the keys that are given begin with. */
  readonly given: ReadonlySet<string>;
  readonly log: HttpServerOptions['log'];
  readonly now: () => number;
}

/**
 * Deletes what the data directory holds for keys that the relay is given no longer: definitions, and events with users' keys in
 * them. A file beside them, `.left`, says since when.
 */
export async function forgetLeftKeys({ directory, given, log, now }: LeftKeysOptions): Promise<void> {
  const files = await readdir(directory);
  const keys = new Set(files.flatMap((file) => OF_A_KEY.exec(file)?.[1] ?? []));
  for (const key of keys) {
    const mark = join(directory, `${key}.left`);
    if (given.has(key)) {
      await rm(mark, { force: true });
      continue;
    }
    const since = await leftSince(mark);
    if (since === undefined) {
      await writeFile(mark, '', { mode: 0o600 });
      log.warn({ key }, `no such key is given any more; what is kept for it is deleted in ${KEPT_DAYS} days`);
    } else if (now() - since >= KEPT_DAYS * DAY_MS) {
      const events = await waitingIn(join(directory, `${key}.events`));
      const own = files.filter((file) => file.startsWith(`${key}.`));
      await Promise.all(own.map((file) => rm(join(directory, file), { recursive: true, force: true })));
      log.warn({ key, events }, 'what was kept for a key that is given no longer is deleted');
    }
  }
}

/** Now, and once a day from then on, until the function that it answers is called. */
export function forgettingLeftKeys(options: LeftKeysOptions): () => void {
  const look = () =>
    forgetLeftKeys(options).catch((error: unknown) =>
      options.log.warn({ err: error }, 'files of keys that are gone stay'),
    );
  void look();
  const timer = setInterval(look, DAY_MS).unref();
  return () => clearInterval(timer);
}

async function leftSince(mark: string): Promise<number | undefined> {
  try {
    return (await stat(mark)).mtimeMs;
  } catch {
    return undefined;
  }
}

async function waitingIn(path: string): Promise<number> {
  const spools = ['servers', 'pages'].map((lane) => new Spool(join(path, lane)));
  await Promise.all(spools.map((spool) => spool.open()));
  return spools.reduce((sum, { events }) => sum + events, 0);
}
