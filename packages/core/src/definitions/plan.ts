import type { Json } from '@spillway/evaluator';
import { canonicalise } from '@spillway/evaluator/canonical';
import { checkVariantsKept, dependantsOf } from '../flags/dependants.ts';
import type { Flag } from '../flags/flag.ts';
import { enumerate, MAX_PROBLEMS, pointer } from '../problems.ts';
import { accept, type FieldProblem, type Outcome, refuse } from '../refusal.ts';
import type { Segment } from '../segments/segment.ts';
import { finish, type Steps } from '../steps.ts';
import type { KillSwitch } from '../switches/kill-switch.ts';
import type { Definitions } from './definitions.ts';
import { type Needs, needsIn } from './needs.ts';
import { type DefinitionProblem, type DefinitionSurroundings, normalisingDefinitions } from './normalise.ts';

/** What applying definitions would do to one thing; an archived flag can be brought back, so flags are not deleted. */
export type PlannedChange =
  | {
      readonly noun: 'flags';
      readonly key: string;
      readonly action: 'create' | 'update' | 'archive' | 'none';
      readonly before: Flag | undefined;
      readonly after: Flag;
    }
  | {
      readonly noun: 'segments';
      readonly key: string;
      readonly action: 'create' | 'update' | 'none';
      readonly before: Segment | undefined;
      readonly after: Segment;
    }
  | {
      readonly noun: 'segments';
      readonly key: string;
      readonly action: 'delete';
      readonly before: Segment;
      readonly after: undefined;
    };

export interface PlanTerms {
  /** The mark that things get; without it they keep the one they have. */
  readonly managed_by?: string | undefined;
  /** What bears the mark and is not defined any more goes. */
  readonly prune: boolean;
}

/** All that there is, as stored, and what may stand in the way. */
export interface PlanSurroundings extends DefinitionSurroundings {
  readonly switches: readonly KillSwitch[];
}

/** Segments first and in the order of their keys, so that the same question has the same answer. */
export function planDefinitions(
  definitions: Definitions,
  current: PlanSurroundings,
  terms: PlanTerms,
): Outcome<readonly PlannedChange[]> {
  return finish(planningDefinitions(definitions, current, terms));
}

/** The same a definition at a time. */
export function* planningDefinitions(
  definitions: Definitions,
  current: PlanSurroundings,
  terms: PlanTerms,
): Steps<Outcome<readonly PlannedChange[]>> {
  if (terms.prune && terms.managed_by === undefined) return pruneWithoutMark();
  const normalised = yield* normalisingDefinitions(definitions, current);
  if (normalised.problems.length > 0) return refuseDefinitions(normalised.problems);
  const changes: PlannedChange[] = [
    ...prunedSegments(definitions, current, terms),
    ...prunedFlags(definitions, current, terms),
  ];
  for (const segment of normalised.segments.values()) {
    changes.push(planSegment(segment, current.segments.get(segment.key), terms));
    yield;
  }
  for (const flag of normalised.flags.values()) {
    changes.push(planFlag(flag, current.flags.get(flag.key), terms));
    yield;
  }
  const foreign = foreignProblems(changes, terms);
  if (foreign.length > 0) return refuseForeign(foreign);
  const used = usedProblems(changes, current);
  if (used.length > 0) return refuseUsed(used);
  return accept(changes.toSorted(byNounAndKey));
}

function byNounAndKey(one: PlannedChange, other: PlannedChange): number {
  if (one.noun !== other.noun) return one.noun === 'segments' ? -1 : 1;
  return one.key < other.key ? -1 : 1;
}

function planFlag(defined: Flag, before: Flag | undefined, terms: PlanTerms): PlannedChange {
  const mark = terms.managed_by ?? before?.managed_by;
  const after: Flag = { ...defined, ...(mark === undefined ? {} : { managed_by: mark }) };
  const action = before === undefined ? 'create' : isSame(before, after) ? 'none' : 'update';
  return { noun: 'flags', key: after.key, action, before, after };
}

function planSegment(defined: Segment, before: Segment | undefined, terms: PlanTerms): PlannedChange {
  const mark = terms.managed_by ?? before?.managed_by;
  const after: Segment = { ...defined, ...(mark === undefined ? {} : { managed_by: mark }) };
  const action = before === undefined ? 'create' : isSame(before, after) ? 'none' : 'update';
  return { noun: 'segments', key: after.key, action, before, after };
}

function isSame(before: Flag | Segment, after: Flag | Segment): boolean {
  return canonicalise(before as unknown as Json) === canonicalise(after as unknown as Json);
}

function prunedFlags({ flags }: Definitions, current: PlanSurroundings, terms: PlanTerms): readonly PlannedChange[] {
  if (!terms.prune) return [];
  return [...current.flags.values()]
    .filter(({ key, managed_by, lifecycle }) => {
      return managed_by === terms.managed_by && lifecycle === 'active' && !Object.hasOwn(flags, key);
    })
    .map((before) => {
      const after: Flag = { ...before, lifecycle: 'archived' };
      return { noun: 'flags', key: before.key, action: 'archive', before, after };
    });
}

function prunedSegments(
  { segments }: Definitions,
  current: PlanSurroundings,
  terms: PlanTerms,
): readonly PlannedChange[] {
  if (!terms.prune) return [];
  return [...current.segments.values()]
    .filter(({ key, managed_by }) => managed_by === terms.managed_by && !Object.hasOwn(segments, key))
    .map((before) => ({ noun: 'segments', key: before.key, action: 'delete', before, after: undefined }));
}

/** What somebody else's files manage would go back and forth between the two. */
function foreignProblems(changes: readonly PlannedChange[], { managed_by }: PlanTerms): readonly FieldProblem[] {
  return changes.flatMap(({ noun, key, action, before }) => {
    const owner = before?.managed_by;
    if (action === 'none' || owner === undefined || owner === managed_by) return [];
    return [
      { field: pointer('', noun, key), message: `is managed by ${owner}; change it there, or apply with that mark` },
    ];
  });
}

/** Whoever names what is gone would quietly get something else, so that nothing goes that is still named afterwards. */
function usedProblems(changes: readonly PlannedChange[], current: PlanSurroundings): readonly FieldProblem[] {
  if (!changes.some((change) => isGone(change) || losesVariants(change))) return [];
  const flags = new Map(current.flags);
  const segments = new Map(current.segments);
  for (const change of changes) {
    if (change.noun === 'flags') flags.set(change.key, change.after);
    else if (change.after === undefined) segments.delete(change.key);
    else segments.set(change.key, change.after);
  }
  const needs = needsIn({ flags: flags.values(), segments: segments.values(), switches: current.switches });
  return changes.flatMap((change): readonly FieldProblem[] => {
    const field = pointer('', change.noun, change.key);
    if (isGone(change)) {
      const users = usersOf(change, needs);
      const message = `is not defined any more, but ${enumerate(users)} still needs it`;
      return users.length === 0 ? [] : [{ field, message }];
    }
    if (change.noun !== 'flags' || !losesVariants(change)) return [];
    const kept = checkVariantsKept(change.after, dependantsOf(change.key, needs.flags.get(change.key) ?? []));
    return kept.ok ? [] : [{ field, message: kept.refusal.message }];
  });
}

function isGone({ action }: PlannedChange): boolean {
  return action === 'delete' || action === 'archive';
}

function losesVariants({ noun, before, after }: PlannedChange): boolean {
  if (noun !== 'flags' || before === undefined) return false;
  const names = new Set(after.variants.map(({ name }) => name));
  return before.variants.some(({ name }) => !names.has(name));
}

function usersOf({ noun, key }: PlannedChange, needs: Needs): readonly string[] {
  if (noun === 'segments') return needs.segments.get(key) ?? [];
  return dependantsOf(key, needs.flags.get(key) ?? []).map(({ flag }) => `flag ${flag}`);
}

function pruneWithoutMark() {
  const message = 'must say whose things are pruned; otherwise everything that is not defined would go';
  return refuse('invalid', `\`managed_by\` ${message}.`, { fields: [{ field: '/managed_by', message }] });
}

function refuseDefinitions(problems: readonly DefinitionProblem[]) {
  const fields = problems.map(({ noun, key, field, message }) => ({
    field: `${pointer('/definitions', noun, key)}${field}`,
    message,
  }));
  return refuse('invalid', sentence('The definitions cannot be accepted', fields), {
    fields: fields.slice(0, MAX_PROBLEMS),
  });
}

function refuseForeign(fields: readonly FieldProblem[]) {
  return refuse('conflict', sentence('Some of this is managed elsewhere', fields), {
    fields: fields.slice(0, MAX_PROBLEMS).map(inDefinitions),
  });
}

function refuseUsed(fields: readonly FieldProblem[]) {
  return refuse('in_use', sentence('Some of this is still needed', fields), {
    fields: fields.slice(0, MAX_PROBLEMS).map(inDefinitions),
  });
}

function inDefinitions({ field, message }: FieldProblem): FieldProblem {
  return { field: `/definitions${field}`, message };
}

function sentence(what: string, [first, ...others]: readonly FieldProblem[]): string {
  const more = others.length === 0 ? '' : ` (and ${others.length} more, see errors)`;
  return `${what}: ${first?.field} ${first?.message}${more}.`;
}
