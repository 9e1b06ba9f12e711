/** Texts too large for documents, kept under their SHA-256; never changed. */
export const chunks = [
  `CREATE TABLE chunks (
    project TEXT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project, digest)
  )`,
] as const;
