import type { Condition } from '@spillway/evaluator';
import { acceptUnless, collectProblems } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import { checkKeysOfMembers } from './check-members.ts';
import { checkSegment } from './check-segment.ts';
import type { KnownSegments } from './graph.ts';
import type { SegmentInput, SegmentMembersInput } from './input.ts';
import { type SegmentParts, segmentReferences } from './references.ts';
import type { Segment, SegmentMembers, SegmentType } from './segment.ts';

const NOBODY: Condition = { any: [] };
const EVERYBODY: Condition = { all: [] };

/** What a segment without members yet has for a list. */
const NO_LIST = { count: 0, chunks: [] };

/**
 * The whole segment that a person's input stands for, checked among the others. `list` is what it lists: what its
 * `members.keys` come to, or what it listed before. Refuses `invalid` with every problem found.
 */
export function normaliseSegment(
  input: SegmentInput,
  known: KnownSegments,
  list: Pick<SegmentMembers, 'count' | 'chunks'> = NO_LIST,
): Outcome<Segment> {
  const problems = collectProblems();
  const { key, score, priority } = input;
  const parents = unique(input.parents);
  const exclusions = unique(input.exclusions);
  // A list may be told by its type alone, and be filled by an import.
  const source = input.members ?? (input.type === 'list' ? {} : undefined);
  const decided = score !== undefined || source !== undefined;
  const when = input.when ?? (!decided && parents.length > 0 ? EVERYBODY : NOBODY);
  if (input.when === undefined && !decided && parents.length === 0) {
    problems.report('/when', 'must say who belongs; or give a list, a score, or parents whose common members belong');
  }
  const parts = {
    when,
    ...(source === undefined ? {} : { members: membersOf(source, list) }),
    ...(score === undefined ? {} : { score }),
    ...(parents.length === 0 ? {} : { parents }),
    ...(exclusions.length === 0 ? {} : { exclusions }),
  };
  const segment: Segment = {
    key,
    type: input.type ?? typeOf(parts),
    name: input.name ?? '',
    description: input.description ?? '',
    owner: input.owner ?? '',
    tags: unique(input.tags),
    ...(input.managed_by === undefined ? {} : { managed_by: input.managed_by }),
    ...parts,
    ...(priority === undefined ? {} : { priority }),
  };
  checkSegment(segment, known, problems);
  checkKeysOfMembers(source?.keys ?? [], problems);
  return acceptUnless(problems, 'The segment', segment);
}

function typeOf(parts: SegmentParts & Pick<Segment, 'members'>): SegmentType {
  if (parts.members !== undefined) return 'list';
  return segmentReferences(parts).length > 0 ? 'composite' : 'rule_based';
}

function membersOf(
  { by, path }: SegmentMembersInput,
  { count, chunks }: Pick<SegmentMembers, 'count' | 'chunks'>,
): SegmentMembers {
  return {
    ...(by === undefined || by === 'targetingKey' ? {} : { by }),
    ...(path === undefined || path.length === 0 ? {} : { path }),
    count,
    chunks,
  };
}

function unique(list: readonly string[] = []): readonly string[] {
  return [...new Set(list)];
}
