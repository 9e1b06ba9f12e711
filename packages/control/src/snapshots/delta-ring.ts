import type { SnapshotEvent } from './use-cases.ts';

/** How far back a stream can resume with deltas; beyond that it gets one snapshot. */
export const MAX_DELTAS = 1_000;
export const MAX_DELTA_CHARACTERS = 8 * 1_024 * 1_024;

export type DeltaEvent = Extract<SnapshotEvent, { event: 'delta' }>;

/** The newest deltas of one environment, bounded by number and size. */
export interface DeltaRing {
  push(event: DeltaEvent): void;
  /** The deltas that lead from the snapshot numbered `base` to the newest; undefined when they are no longer at hand. */
  since(base: number): readonly DeltaEvent[] | undefined;
}

export function createDeltaRing(
  maxDeltas: number = MAX_DELTAS,
  maxCharacters: number = MAX_DELTA_CHARACTERS,
): DeltaRing {
  let deltas: DeltaEvent[] = [];
  let first = 0;
  let characters = 0;
  return {
    push(event) {
      deltas.push(event);
      characters += event.text.length;
      for (let oldest = deltas[first]; oldest !== undefined; oldest = deltas[first]) {
        if (deltas.length - first <= maxDeltas && characters <= maxCharacters) break;
        characters -= oldest.text.length;
        first += 1;
      }
      // Dropping from the front one by one would copy the rest each time; waiting longer would keep what was dropped.
      if (first * 2 > deltas.length) {
        deltas = deltas.slice(first);
        first = 0;
      }
    },
    since(base) {
      for (let index = deltas.length - 1; index >= first; index -= 1) {
        const delta = deltas[index];
        if (delta === undefined || delta.data.base < base) return undefined;
        if (delta.data.base === base) return deltas.slice(index);
      }
      return undefined;
    },
  };
}
