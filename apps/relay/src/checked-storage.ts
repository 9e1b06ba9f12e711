import { hash } from 'node:crypto';
import type { Storage } from '@spillway/client';

const DIGITS = 64;

/** Puts a digest before what is stored, so that what the disk has damaged is found and not served. */
export function checkedStorage(storage: Storage): Storage {
  return {
    async read() {
      const stored = await storage.read();
      if (stored === undefined) return undefined;
      const text = stored.slice(DIGITS + 1);
      if (stored.slice(0, DIGITS) !== hash('sha256', text)) throw new Error('the stored snapshot is damaged');
      return text;
    },
    write: (text) => storage.write(`${hash('sha256', text)}\n${text}`),
  };
}
