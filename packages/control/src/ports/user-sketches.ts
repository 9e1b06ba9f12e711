/** Whom a flag gave one variant in one environment within an hour or a day: a mergeable sketch, which holds nobody's key. */
export interface UserSketch {
  readonly environment: string;
  readonly flag: string;
  /** Null where the answer was none of the flag's variants. */
  readonly variant: string | null;
  readonly part: 'hour' | 'day';
  /** Where the part begins; milliseconds since 1970. */
  readonly at_ms: number;
  /** As `@spillway/statistics` writes it. */
  readonly sketch: string;
}

/** A moment for either part. */
export interface PartBounds {
  readonly hour_ms: number;
  readonly day_ms: number;
}

/** Measurements, which are no part of the log and may be lost or forgotten. */
export interface UserSketches {
  /** Merges into what is known of the same variant and part. Doing it again, or in another order, changes nothing. */
  merge(project: string, sketches: readonly UserSketch[]): Promise<void>;
  /** A flag's, from an hour and from a day on, in the order of environment, part, time and variant. */
  of(project: string, flag: string, since: PartBounds): Promise<readonly UserSketch[]>;
  /** Forgets the hours and the days before these. */
  forget(project: string, before: PartBounds): Promise<void>;
}
