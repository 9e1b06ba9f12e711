import type { Condition } from '@spillway/evaluator';
import { acceptUnless, collectProblems } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import { checkSegment } from './check-segment.ts';
import type { KnownSegments } from './graph.ts';
import type { SegmentInput } from './input.ts';
import { segmentReferences } from './references.ts';
import type { Segment } from './segment.ts';

const NOBODY: Condition = { any: [] };
const EVERYBODY: Condition = { all: [] };

/** The whole segment that a person's input stands for, checked among the others. Refuses `invalid` with every problem found. */
export function normaliseSegment(input: SegmentInput, known: KnownSegments): Outcome<Segment> {
  const problems = collectProblems();
  const { key, score, priority } = input;
  const parents = unique(input.parents);
  const exclusions = unique(input.exclusions);
  const when = input.when ?? (score === undefined && parents.length > 0 ? EVERYBODY : NOBODY);
  if (input.when === undefined && score === undefined && parents.length === 0) {
    problems.report('/when', 'must say who belongs; or give a score, or parents whose common members belong');
  }
  const parts = {
    when,
    ...(score === undefined ? {} : { score }),
    ...(parents.length === 0 ? {} : { parents }),
    ...(exclusions.length === 0 ? {} : { exclusions }),
  };
  const segment: Segment = {
    key,
    type: input.type ?? (segmentReferences(parts).length > 0 ? 'composite' : 'rule_based'),
    name: input.name ?? '',
    description: input.description ?? '',
    owner: input.owner ?? '',
    tags: unique(input.tags),
    ...parts,
    ...(priority === undefined ? {} : { priority }),
  };
  checkSegment(segment, known, problems);
  return acceptUnless(problems, 'The segment', segment);
}

function unique(list: readonly string[] = []): readonly string[] {
  return [...new Set(list)];
}
