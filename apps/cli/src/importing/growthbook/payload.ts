import type { Source } from '../source.ts';

/** What the features of one file are translated among. */
export interface Payload {
  readonly features: Source;
  readonly savedGroups: Source | Missing;
  readonly bandits: Source | Missing;
}

/** Why a part that conditions or rules refer to is not there. */
export type Missing = 'encrypted' | 'left out';

/** Followed by `the file`. */
export const MISSING: Readonly<Record<Missing, string>> = { encrypted: 'encrypted in', 'left out': 'not in' };

export interface Environment extends Payload {
  /** Undefined for a file that is about one and does not name it. */
  readonly name: string | undefined;
}
