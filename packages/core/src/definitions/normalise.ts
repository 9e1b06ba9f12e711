import { encodeMembers } from '@spillway/evaluator';
import type { Flag } from '../flags/flag.ts';
import { normaliseFlag } from '../flags/normalise.ts';
import type { Normalising } from '../flags/normalise-state.ts';
import type { Refusal } from '../refusal.ts';
import { normaliseSegment } from '../segments/normalise.ts';
import type { SegmentParts } from '../segments/references.ts';
import type { Segment } from '../segments/segment.ts';
import type { DefinedSegment, Definitions } from './definitions.ts';
import { expandFlag, writtenPlace } from './expand-flag.ts';

/** What is wrong with one of the things defined; `field` points into it as it was written. */
export interface DefinitionProblem {
  readonly noun: 'flags' | 'segments';
  readonly key: string;
  readonly field: string;
  readonly message: string;
}

export interface Normalised {
  readonly environments: ReadonlySet<string>;
  readonly flags: ReadonlyMap<string, Flag>;
  readonly segments: ReadonlyMap<string, Segment>;
  /** The fingerprints of what segments list, by their keys. */
  readonly lists: ReadonlyMap<string, string>;
  readonly problems: readonly DefinitionProblem[];
}

/** Definitions by themselves, without a server: they may refer to one another and to nothing else. */
export function normaliseDefinitions(definitions: Definitions, alsoKnown: readonly string[] = []): Normalised {
  const environments = new Set([...environmentsNamed(definitions), ...alsoKnown]);
  const problems: DefinitionProblem[] = [];
  const segments = normaliseSegments(definitions, problems);
  const flags = new Map<string, Flag>();
  const around = { environments, segments: new Set(Object.keys(definitions.segments)), newRuleId: ruleIdsAreGiven };
  const flagProblems = (among: Normalising) => {
    for (const [key, defined] of Object.entries(definitions.flags)) {
      const outcome = normaliseFlag(expandFlag(key, defined, environments), undefined, among);
      if (outcome.ok) flags.set(key, outcome.value);
      else report(problems, 'flags', key, outcome.refusal, (field) => writtenPlace(field, defined));
    }
  };
  flagProblems(around);
  // What flags require of one another can be told when all are known, and none is missing for being wrong.
  if (flags.size === Object.keys(definitions.flags).length) flagProblems({ ...around, flags: new Map(flags) });
  return { environments, flags, segments, lists: listsIn(definitions), problems };
}

function normaliseSegments({ segments }: Definitions, problems: DefinitionProblem[]): ReadonlyMap<string, Segment> {
  const parts = new Map(Object.entries(segments).map(([key, defined]) => [key, partsOf(defined)]));
  const normalised = new Map<string, Segment>();
  for (const [key, defined] of Object.entries(segments)) {
    const outcome = normaliseSegment({ ...defined, key }, parts);
    if (outcome.ok) normalised.set(key, outcome.value);
    else report(problems, 'segments', key, outcome.refusal, (field) => field);
  }
  return normalised;
}

function listsIn({ segments }: Definitions): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(segments).flatMap(([key, { members }]) =>
      members?.keys === undefined ? [] : [[key, encodeMembers(members.keys).fingerprints]],
    ),
  );
}

/** Of a segment that was not checked yet: what the others have to know of it. */
export function partsOf({ when = { any: [] }, score, parents, exclusions }: DefinedSegment): SegmentParts {
  return {
    when,
    ...(score === undefined ? {} : { score }),
    ...(parents === undefined ? {} : { parents }),
    ...(exclusions === undefined ? {} : { exclusions }),
  };
}

/** What is said once for all environments is wrong once. */
function report(
  problems: DefinitionProblem[],
  noun: DefinitionProblem['noun'],
  key: string,
  refusal: Refusal,
  written: (field: string) => string,
): void {
  const { fields = [{ field: '', message: refusal.message }] } = refusal;
  const seen = new Set<string>();
  for (const problem of fields) {
    const field = written(problem.field);
    const { message } = problem;
    if (!seen.has(`${field} ${message}`)) problems.push({ noun, key, field, message });
    seen.add(`${field} ${message}`);
  }
}

function ruleIdsAreGiven(): never {
  throw new TypeError('a rule came without an id');
}

/** The environments that some flag says something about. */
export function environmentsNamed({ flags }: Pick<Definitions, 'flags'>): ReadonlySet<string> {
  return new Set(
    Object.values(flags).flatMap(({ environments = {}, target_environments = [] }) => [
      ...Object.keys(environments),
      ...target_environments,
    ]),
  );
}
