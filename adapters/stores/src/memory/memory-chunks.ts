import type { Chunks } from '@spillway/control/ports';
import { checkChunks, checkDigests } from '../prepared-chunks.ts';

/** `checkOpen` throws once the store is closed. */
export function createMemoryChunks(checkOpen: () => void): Chunks {
  const texts = new Map<string, string>();
  return {
    async put(project, chunks) {
      checkOpen();
      checkChunks(project, chunks);
      for (const { digest, text } of chunks) {
        const id = `${project}\0${digest}`;
        if (!texts.has(id)) texts.set(id, text);
      }
    },
    async read(project, digests) {
      checkOpen();
      checkDigests(project, digests);
      return [...new Set(digests)].flatMap((digest) => {
        const text = texts.get(`${project}\0${digest}`);
        return text === undefined ? [] : [{ digest, text }];
      });
    },
  };
}
