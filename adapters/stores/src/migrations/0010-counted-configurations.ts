/** Which configurations the counted answers came from: lowest and highest number; null where nobody said it. */
export const countedConfigurations = [
  `ALTER TABLE evaluation_counts ADD COLUMN first_configuration BIGINT`,
  `ALTER TABLE evaluation_counts ADD COLUMN last_configuration BIGINT`,
] as const;
