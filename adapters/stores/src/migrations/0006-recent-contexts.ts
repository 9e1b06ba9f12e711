/** Whom applications asked for lately, and what their keys are digested with; no part of the log. */
export const recentContexts = [
  `CREATE TABLE recent_contexts (
    project TEXT NOT NULL,
    environment TEXT COLLATE "binary" NOT NULL,
    "key" TEXT COLLATE "binary" NOT NULL,
    "rank" BIGINT NOT NULL,
    attributes TEXT NOT NULL,
    seen_ms BIGINT NOT NULL,
    PRIMARY KEY (project, environment, "key")
  )`,
  `CREATE INDEX recent_contexts_by_rank ON recent_contexts (project, environment, "rank", "key")`,
  `CREATE INDEX recent_contexts_by_time ON recent_contexts (project, seen_ms)`,
  `CREATE TABLE context_salts (
    project TEXT NOT NULL,
    environment TEXT COLLATE "binary" NOT NULL,
    salt TEXT NOT NULL,
    PRIMARY KEY (project, environment)
  )`,
] as const;
