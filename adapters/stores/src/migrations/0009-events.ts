/** What happened in applications; no part of the log. Texts that do not apply are empty, `subject` is the user. */
export const events = [
  `CREATE TABLE events (
    project TEXT NOT NULL,
    environment TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    type TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    flag TEXT NOT NULL,
    variant TEXT COLLATE "binary" NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project, environment, id)
  )`,
  `CREATE INDEX events_by_time ON events (project, received_ms, id)`,
  `CREATE INDEX events_by_flag ON events (project, flag, received_ms)`,
] as const;
