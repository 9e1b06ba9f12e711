/** A text that never changes, kept under its own SHA-256. */
export interface Chunk {
  readonly digest: string;
  readonly text: string;
}

/**
 * What is too large for documents, which name it by digest. Chunks are put before the commit that names them, and are
 * never changed or deleted: what the log says of the past can be read as it was.
 */
export interface Chunks {
  /** Those that are kept already stay as they are. What was answered survives kill -9. */
  put(project: string, chunks: readonly Chunk[]): Promise<void>;
  /** Those of them that are kept, in any order. */
  read(project: string, digests: readonly string[]): Promise<readonly Chunk[]>;
}
