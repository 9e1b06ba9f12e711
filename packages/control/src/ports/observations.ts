/** How often a flag gave one answer in one environment within one hour. */
export interface HourCount extends Served {
  readonly reason: string;
  /** Where the hour begins; milliseconds since 1970. */
  readonly hour_ms: number;
  /** The lowest number of the configurations that the answers came from; null where it is not known. */
  readonly first_configuration: number | null;
  /** The highest one. */
  readonly last_configuration: number | null;
}

export interface Served {
  readonly environment: string;
  readonly flag: string;
  /** Null where the answer was none of the flag's variants. */
  readonly variant: string | null;
  readonly evaluations: number;
  /** When the last of them was counted. */
  readonly last_ms: number;
}

/** How often a flag was answered in one stretch of time. */
export interface FlagPart {
  readonly flag: string;
  /** Where it begins; milliseconds since 1970. */
  readonly at_ms: number;
  readonly evaluations: number;
  readonly last_ms: number;
}

/** What applications were answered: measurements, which are no part of the log and may be lost or forgotten. */
export interface Observations {
  /** Adds to what was counted for the same answer and hour; of configurations the lowest and the highest known ones stay. */
  add(project: string, counts: readonly HourCount[]): Promise<void>;
  /** A flag's counts from an hour on, in the order of environment, hour, variant and reason. */
  hours(project: string, flag: string, since_ms: number): Promise<readonly HourCount[]>;
  /**
   * Of these flags, per flag, environment and variant, in that order: the sum over the hours from `since_ms` on, and when
   * the last of all from `from_ms` on was counted.
   */
  used(
    project: string,
    flags: readonly string[],
    span: { readonly from_ms: number; readonly since_ms: number },
  ): Promise<readonly Served[]>;
  /**
   * Of these flags, sums over all environments, variants and reasons from `since_ms` on, by parts of `part_ms` counted from
   * 1970, in the order of flag and part. Parts in which nobody asked are left out.
   */
  inParts(
    project: string,
    flags: readonly string[],
    span: { readonly since_ms: number; readonly part_ms: number },
  ): Promise<readonly FlagPart[]>;
  /** The earliest hour that is kept; undefined when nothing is. */
  earliest(project: string): Promise<number | undefined>;
  /** Forgets the hours before this one. */
  forget(project: string, before_ms: number): Promise<void>;
}
