/** How many of the profiles that were looked at belonged to a segment, and who came and went since the measurement before. */
export interface Measurement {
  readonly segment: string;
  readonly at_ms: number;
  readonly profiles: number;
  readonly sampled: number;
  readonly members: number;
  readonly entered: number;
  readonly left: number;
}

/** Who belonged to a segment at its newest measurement, so that the next can tell who came and went. */
export interface MembershipMark {
  readonly segment: string;
  /** The highest rank that was looked at. */
  readonly upto: number;
  /** The ranks of the members, as a member list writes fingerprints. */
  readonly ranks: string;
}

export interface Memberships {
  /** A measurement and the mark it leaves, together. One of the same segment and moment is written over. */
  record(project: string, measurement: Measurement, mark: MembershipMark): Promise<void>;
  mark(project: string, segment: string): Promise<MembershipMark | undefined>;
  /** The newest first. */
  history(project: string, segment: string, limit: number): Promise<readonly Measurement[]>;
  /** Forgets what was measured before `at_ms`, of every segment. */
  forgetBefore(project: string, at_ms: number): Promise<void>;
}
