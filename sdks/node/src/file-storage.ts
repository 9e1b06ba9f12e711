import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Storage } from '@spillway/client';

let files = 0;

/** A cache in a file, for this user alone. Written beside and renamed, so that a crash leaves the old one or the new one. */
export function fileStorage(path: string): Storage {
  return {
    async read() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(text) {
      await mkdir(dirname(path), { recursive: true });
      files += 1;
      const beside = `${path}.${process.pid}.${files}.tmp`;
      try {
        const file = await open(beside, 'w', 0o600);
        try {
          await file.writeFile(text);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(beside, path);
      } catch (error) {
        await rm(beside, { force: true });
        throw error;
      }
    },
  };
}
