/** How often each answer was given, by the hour; no part of the log. An answer without a variant has an empty one. */
export const evaluationCounts = [
  `CREATE TABLE evaluation_counts (
    project TEXT NOT NULL,
    flag TEXT COLLATE "binary" NOT NULL,
    environment TEXT COLLATE "binary" NOT NULL,
    hour_ms BIGINT NOT NULL,
    variant TEXT COLLATE "binary" NOT NULL,
    reason TEXT COLLATE "binary" NOT NULL,
    evaluations BIGINT NOT NULL,
    last_ms BIGINT NOT NULL,
    PRIMARY KEY (project, flag, environment, hour_ms, variant, reason)
  )`,
  `CREATE INDEX evaluation_counts_by_hour ON evaluation_counts (project, hour_ms)`,
] as const;
