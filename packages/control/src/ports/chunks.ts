/** A text that never changes, kept under its own SHA-256. */
export interface Chunk {
  readonly digest: string;
  readonly text: string;
}

/** A chunk that is kept, without its text. */
export interface KeptChunk {
  readonly digest: string;
  /** Since when it is known to be named by nothing; null for all others. Milliseconds since 1970. */
  readonly marked_ms: number | null;
}

/**
 * What is too large for documents, which name it by digest. Chunks are put before the commit that names them, and are
 * never changed. What an entry of the log names is never removed: the past can be read as it was.
 */
export interface Chunks {
  /** Those that are kept already stay as they are, without a mark. What was answered survives kill -9. */
  put(project: string, chunks: readonly Chunk[]): Promise<void>;
  /** Those of them that are kept, in any order. */
  read(project: string, digests: readonly string[]): Promise<readonly Chunk[]>;
  /** In the order of their digests, starting after `after`. */
  kept(project: string, page: { readonly after?: string; readonly limit: number }): Promise<readonly KeptChunk[]>;
  /** Marks those that have no mark. */
  mark(project: string, digests: readonly string[], at_ms: number): Promise<void>;
  /** Removes those that still bear a mark of then or before; how many. One that was put in between has lost its mark and stays. */
  remove(project: string, digests: readonly string[], marked_until_ms: number): Promise<number>;
}
