/**
 * Reading the past: which entry was the newest at a moment, and what each document was then. Keys are walked in byte order, the
 * order in which documents are listed, so the index by document is made anew in it. Without the index by noun, the newest
 * entries of one would be found by sorting all of them.
 */
export const past = [
  `CREATE INDEX entries_by_time ON entries (project, at_ms, seq)`,
  `CREATE INDEX entries_by_key ON entries (project, noun, "key" COLLATE "binary", seq)`,
  `CREATE INDEX entries_by_noun ON entries (project, noun, seq)`,
  `DROP INDEX entries_by_document`,
] as const;
