import { checkKeys, checkRequiredText, checkText } from '../checked-text.ts';
import { checkCondition, conditionBudget } from '../flags/check-condition.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_OWNER_LENGTH, MAX_TAGS } from '../flags/limits.ts';
import { isKey, KEY_RULE } from '../key.ts';
import { enumerate, type Problems, pointer } from '../problems.ts';
import { checkMembers } from './check-members.ts';
import { checkGraph, type KnownSegments } from './graph.ts';
import * as limits from './limits.ts';
import { segmentReferences } from './references.ts';
import { SEGMENT_TYPES, type Segment } from './segment.ts';

/** What the API answers about all segments under their address. */
const RESERVED_KEYS: ReadonlySet<string> = new Set(['overlap', 'estimate']);

/** Reports everything that is wrong with a segment among the others. */
export function checkSegment(segment: Segment, known: KnownSegments, problems: Problems): void {
  const { key, name, description, owner, tags, parents = [], exclusions = [], priority = 0 } = segment;
  if (!isKey(key)) problems.report('/key', KEY_RULE);
  if (RESERVED_KEYS.has(key))
    problems.report('/key', `is an address of its own; choose another, such as ${key}-segment`);
  checkText(name, '/name', limits.MAX_SEGMENT_NAME_LENGTH, problems);
  checkText(description, '/description', MAX_DESCRIPTION_LENGTH, problems);
  checkText(owner, '/owner', MAX_OWNER_LENGTH, problems);
  checkKeys(tags, '/tags', MAX_TAGS, problems);
  if (segment.managed_by !== undefined) {
    checkRequiredText(segment.managed_by, '/managed_by', MAX_OWNER_LENGTH, problems);
  }
  checkConditions(segment, known, problems);
  if (segment.members !== undefined) checkMembers(segment.members, problems);
  checkRelated(parents, '/parents', known, segment.key, problems);
  checkRelated(exclusions, '/exclusions', known, segment.key, problems);
  exclusions.forEach((other, index) => {
    if (!parents.includes(other)) return;
    problems.report(pointer('/exclusions', index), `is a parent too, so that nobody could belong; keep one of the two`);
  });
  if (!Number.isSafeInteger(priority) || Math.abs(priority) > limits.MAX_PRIORITY) {
    problems.report('/priority', `must be a whole number from -${limits.MAX_PRIORITY} to ${limits.MAX_PRIORITY}`);
  }
  checkType(segment, problems);
  // What is wrong with single references was said; only sound ones are followed.
  if (problems.found.length === 0) checkGraph(segment, known, problems);
}

function checkConditions({ key, when, score }: Segment, known: KnownSegments, problems: Problems): void {
  // A segment that names itself is told so as a cycle, not as unknown.
  const segments = new Set([...known.keys(), key]);
  const around = { segments, of: 'segment', budget: conditionBudget(), problems } as const;
  checkCondition(when, '/when', around);
  if (score === undefined) return;
  if (score.rules.length === 0) problems.report('/score/rules', 'must hold at least one rule; leave the score out');
  if (score.rules.length > limits.MAX_SCORE_RULES) {
    problems.report('/score/rules', `must be at most ${limits.MAX_SCORE_RULES}`);
    return;
  }
  score.rules.forEach((rule, index) => {
    checkCondition(rule.when, pointer('/score/rules', index, 'when'), around);
    checkScore(rule.weight, pointer('/score/rules', index, 'weight'), problems);
  });
  checkScore(score.threshold, '/score/threshold', problems);
  checkReach(score, problems);
}

function checkScore(value: number, field: string, problems: Problems): void {
  if (Number.isFinite(value) && Math.abs(value) <= limits.MAX_SCORE) return;
  problems.report(field, `must be a number from -${limits.MAX_SCORE} to ${limits.MAX_SCORE}`);
}

/** A score that everyone or nobody reaches is a slip of the pen. */
function checkReach({ rules, threshold }: NonNullable<Segment['score']>, problems: Problems): void {
  const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0);
  const weights = rules.map((rule) => rule.weight);
  const most = sum(weights.filter((weight) => weight > 0));
  const least = sum(weights.filter((weight) => weight < 0));
  if (threshold > most)
    problems.report('/score/threshold', `can never be reached; the weights come to ${most} at most`);
  else if (threshold <= least) {
    problems.report('/score/threshold', `is reached by everyone; the weights come to ${least} at least`);
  }
}

function checkRelated(
  keys: readonly string[],
  field: string,
  known: KnownSegments,
  own: string,
  problems: Problems,
): void {
  checkKeys(keys, field, limits.MAX_RELATED_SEGMENTS, problems);
  keys.slice(0, limits.MAX_RELATED_SEGMENTS).forEach((key, index) => {
    if (!isKey(key) || key === own || known.has(key)) return;
    problems.report(pointer(field, index), `names the unknown segment ${key}; known: ${enumerate(known.keys())}`);
  });
}

function checkType(segment: Segment, problems: Problems): void {
  const { type } = segment;
  const references = segmentReferences(segment);
  if (!SEGMENT_TYPES.includes(type)) problems.report('/type', `must be one of ${enumerate(SEGMENT_TYPES)}`);
  if (type === 'composite' && references.length === 0) {
    problems.report('/type', 'is composite, but no other segment is named in when, score, parents or exclusions');
  }
  if (type !== 'list' && segment.members !== undefined) {
    problems.report('/type', `is ${type}, but members are given; make it list, or leave the members out`);
  }
  if (type === 'rule_based' && references.length > 0) {
    problems.report('/type', `is rule_based, but ${references[0]?.field} names another segment; make it composite`);
  }
}
