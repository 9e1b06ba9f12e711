/** Whom flags were given to, by the hour and by the day, as mergeable sketches; no part of the log. */
export const userSketches = [
  `CREATE TABLE user_sketches (
    project TEXT NOT NULL,
    flag TEXT COLLATE "binary" NOT NULL,
    environment TEXT COLLATE "binary" NOT NULL,
    part TEXT COLLATE "binary" NOT NULL,
    at_ms BIGINT NOT NULL,
    variant TEXT COLLATE "binary" NOT NULL,
    sketch TEXT NOT NULL,
    PRIMARY KEY (project, flag, environment, part, at_ms, variant)
  )`,
  `CREATE INDEX user_sketches_by_time ON user_sketches (project, part, at_ms)`,
] as const;
