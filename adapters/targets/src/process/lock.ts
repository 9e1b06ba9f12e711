import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identify, isAlive } from './instance/identity.ts';

const FILE_NAME = 'supervisor.lock';
const TRIES_MAX = 3;

/** One supervisor per state directory. Throws when another lives; what a dead one left is taken over. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, FILE_NAME);
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    for (let tried = 0; tried < TRIES_MAX; tried += 1) {
      if (await linked(mine, path)) return () => rm(path, { force: true });
      const holder = await holderIn(path);
      if (holder !== undefined && isAlive(holder)) {
        throw new Error(`Another supervisor (process ${holder.pid}) works in ${directory}. Stop it or choose another.`);
      }
      await rm(path, { force: true });
    }
    throw new Error(`The lock ${path} could not be taken.`);
  } finally {
    await rm(mine, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function holderIn(path: string): Promise<{ pid: number; born: string } | undefined> {
  try {
    const body: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof body !== 'object' || body === null || !('pid' in body) || !('born' in body)) return undefined;
    const { pid, born } = body;
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}
