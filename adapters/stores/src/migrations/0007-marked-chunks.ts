/** Since when a chunk is known to be named by nothing; empty for all others. */
export const markedChunks = [`ALTER TABLE chunks ADD COLUMN marked_ms BIGINT`] as const;
