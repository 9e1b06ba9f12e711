import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@spillway/private-channel';
import type { Identity } from './identity.ts';

/** What a later supervisor needs to prove that a process is the one it finds noted here. */
export interface PidNote {
  readonly instance: string;
  readonly identity: Identity;
  readonly restarts: number;
  /** It has had its SIGTERM: a second one might cut its requests short. */
  readonly asked_to_stop_at_ms?: number;
}

export function pidFile(directory: string, instance: string) {
  const path = join(directory, `${instance}.json`);
  return {
    async read(): Promise<PidNote | undefined> {
      try {
        return noteIn(JSON.parse(await readFile(path, 'utf8')), instance);
      } catch {
        return undefined;
      }
    },
    write: (note: PidNote): Promise<void> => replaceFile(path, JSON.stringify(note)),
    remove: (): Promise<void> => rm(path, { force: true }),
  };
}

export type PidFile = ReturnType<typeof pidFile>;

function noteIn(body: unknown, instance: string): PidNote | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const note = body as { readonly [K in keyof PidNote]?: unknown };
  const identity = note.identity as { readonly pid?: unknown; readonly born?: unknown } | undefined;
  const pid = identity?.pid;
  const born = identity?.born;
  if (note.instance !== instance || typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
  if (typeof born !== 'string') return undefined;
  const asked = note.asked_to_stop_at_ms;
  return {
    instance,
    identity: { pid, born },
    restarts: typeof note.restarts === 'number' ? note.restarts : 0,
    ...(typeof asked === 'number' ? { asked_to_stop_at_ms: asked } : {}),
  };
}
