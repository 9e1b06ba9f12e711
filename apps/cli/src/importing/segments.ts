import { normaliseAlone } from '@spillway/core';
import type { Condition } from '@spillway/evaluator';
import { type ImportedSegment, marked, type SegmentsByKey, spillwayKey } from './report.ts';
import { segmentsNamedIn } from './segments-named.ts';

/** The segments of a file that become segments here, gathered as flags refer to them. */
export interface SegmentShelf {
  /**
   * What a rule asks for the segment that is called `source`: the segment here, or its condition where that is no segment of
   * its own, because it is for everybody or nobody, or more than a segment may hold.
   */
  readonly refer: (source: string, when: Condition) => Condition;
  readonly segments: SegmentsByKey;
}

interface Kept {
  readonly key: string;
  readonly text: string;
}

export function createSegmentShelf(): SegmentShelf {
  const segments = new Map<string, ImportedSegment>();
  const kept = new Map<string, Kept | undefined>();
  const refer = (source: string, when: Condition): Condition => {
    if (isSettled(when)) return when;
    const text = JSON.stringify(when);
    const id = JSON.stringify([source, text]);
    if (!kept.has(id)) {
      const key = freeKey(source, text, segments);
      const segment = { name: nameOf(source), when };
      const fits = isFitting(key, segment, segments);
      if (fits) segments.set(key, segment);
      kept.set(id, fits ? { key, text } : undefined);
    }
    const found = kept.get(id);
    return found === undefined ? when : { segment: found.key };
  };
  return { refer, segments };
}

function isSettled(when: Condition): boolean {
  return ('all' in when && when.all.length === 0) || ('any' in when && when.any.length === 0);
}

const MAX_NAME_LENGTH = 256;

function nameOf(source: string): string {
  return source.toWellFormed().slice(0, MAX_NAME_LENGTH);
}

/** As the segment is called; with a mark of what it says where that is taken. */
function freeKey(source: string, text: string, taken: ReadonlyMap<string, unknown>): string {
  const key = spillwayKey(source);
  return taken.has(key) ? marked(`${source} ${text}`) : key;
}

function isFitting(key: string, segment: ImportedSegment, others: ReadonlyMap<string, ImportedSegment>): boolean {
  const around = Object.fromEntries(segmentsNamedIn([segment.when], others));
  return normaliseAlone({ flags: {}, segments: { ...around, [key]: segment } }).problems.length === 0;
}
