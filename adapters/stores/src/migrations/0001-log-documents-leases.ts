/** The log, what it folds into, and who may act. Texts are canonical JSON where the port says `Json`. */
export const logDocumentsLeases = [
  `CREATE TABLE heads (
    project TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
  )`,
  `CREATE TABLE entries (
    project TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    noun TEXT NOT NULL,
    "key" TEXT NOT NULL,
    reason TEXT NOT NULL,
    version BIGINT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    because TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (project, seq)
  )`,
  `CREATE INDEX entries_by_document ON entries (project, noun, "key", seq)`,
  `CREATE TABLE documents (
    project TEXT NOT NULL,
    noun TEXT NOT NULL,
    "key" TEXT COLLATE "binary" NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project, noun, "key")
  )`,
  `CREATE TABLE answered (
    project TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    PRIMARY KEY (project, idempotency_key)
  )`,
  `CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    fencing BIGINT NOT NULL,
    until_ms BIGINT NOT NULL
  )`,
] as const;
