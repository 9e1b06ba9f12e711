import type { Chunk } from '@spillway/control/ports';
import { checkIndexedText } from './prepared-commit.ts';

/** Of a chunk's text in UTF-8. */
export const MAX_CHUNK_BYTES = 1024 * 1024;
/** Put or read at once. */
export const MAX_CHUNKS_AT_ONCE = 64;

const DIGEST = /^[0-9a-f]{64}$/;

/** Throws for what is a mistake of the program, as for commits; every store refuses the same. */
export function checkChunks(project: string, chunks: readonly Chunk[]): void {
  checkDigests(
    project,
    chunks.map(({ digest }) => digest),
  );
  for (const { digest, text } of chunks) {
    if (Buffer.byteLength(text, 'utf8') > MAX_CHUNK_BYTES) {
      throw new RangeError(`The chunk ${digest} is larger than ${MAX_CHUNK_BYTES} bytes.`);
    }
    if (!text.isWellFormed() || text.includes('\0'))
      throw new TypeError(`The chunk ${digest} is no text to be stored.`);
  }
}

export function checkDigests(project: string, digests: readonly string[]): void {
  checkIndexedText('project', project);
  if (digests.length > MAX_CHUNKS_AT_ONCE) {
    throw new RangeError(`At most ${MAX_CHUNKS_AT_ONCE} chunks go at once, not ${digests.length}.`);
  }
  for (const digest of digests) {
    if (!DIGEST.test(digest)) throw new TypeError(`${JSON.stringify(digest)} is no SHA-256 in lower-case hex.`);
  }
}
