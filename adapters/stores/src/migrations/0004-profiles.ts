/** What is known of users, and how many belonged to segments over time. */
export const profiles = [
  `CREATE TABLE profiles (
    project TEXT NOT NULL,
    "key" TEXT COLLATE "binary" NOT NULL,
    "rank" BIGINT NOT NULL,
    attributes TEXT NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    PRIMARY KEY (project, "key")
  )`,
  `CREATE INDEX profiles_by_rank ON profiles (project, "rank", "key")`,
  `CREATE TABLE memberships (
    project TEXT NOT NULL,
    segment TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    profiles BIGINT NOT NULL,
    sampled BIGINT NOT NULL,
    members BIGINT NOT NULL,
    entered BIGINT NOT NULL,
    "left" BIGINT NOT NULL,
    PRIMARY KEY (project, segment, at_ms)
  )`,
  `CREATE TABLE membership_marks (
    project TEXT NOT NULL,
    segment TEXT NOT NULL,
    upto BIGINT NOT NULL,
    ranks TEXT NOT NULL,
    PRIMARY KEY (project, segment)
  )`,
] as const;
