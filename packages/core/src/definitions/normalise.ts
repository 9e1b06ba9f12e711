import { encodeMembers } from '@spillway/evaluator';
import type { Flag } from '../flags/flag.ts';
import type { FlagInput } from '../flags/input.ts';
import { normaliseFlag } from '../flags/normalise.ts';
import type { Refusal } from '../refusal.ts';
import { normaliseSegment } from '../segments/normalise.ts';
import type { SegmentParts } from '../segments/references.ts';
import type { Segment, SegmentMembers } from '../segments/segment.ts';
import { finish, type Steps } from '../steps.ts';
import type { DefinedFlag, DefinedSegment, Definitions } from './definitions.ts';
import { expandFlag, writtenPlace } from './expand-flag.ts';
import { expandSegment, keysIn } from './expand-segment.ts';

/** What is wrong with one of the things defined; `field` points into it as it was written. */
export interface DefinitionProblem {
  readonly noun: 'flags' | 'segments';
  readonly key: string;
  readonly field: string;
  readonly message: string;
}

/** What there is beside the definitions, which they may refer to and take the place of. */
export interface DefinitionSurroundings {
  readonly environments: ReadonlySet<string>;
  readonly flags: ReadonlyMap<string, Flag>;
  readonly segments: ReadonlyMap<string, Segment>;
  /** What the lists that are defined come to, by their segments; those left out stay as they are. */
  readonly lists: ReadonlyMap<string, Pick<SegmentMembers, 'count' | 'chunks'>>;
}

export interface Normalised {
  readonly environments: ReadonlySet<string>;
  readonly flags: ReadonlyMap<string, Flag>;
  readonly segments: ReadonlyMap<string, Segment>;
  /** The fingerprints of what segments list, by their keys. */
  readonly lists: ReadonlyMap<string, string>;
  readonly problems: readonly DefinitionProblem[];
}

/** What is asked and checked where definitions name no environment at all. */
export const USUAL_ENVIRONMENT = 'production';

/** Definitions by themselves, without a server: they may refer to one another and to nothing else. */
export function normaliseAlone(definitions: Definitions, alsoKnown: readonly string[] = []): Normalised {
  const environments = new Set([...environmentsNamed(definitions), ...alsoKnown]);
  // What is said of all environments would otherwise be checked in none.
  if (environments.size === 0) environments.add(USUAL_ENVIRONMENT);
  return normaliseDefinitions(definitions, { environments, flags: new Map(), segments: new Map(), lists: new Map() });
}

/** Each as the API would take it, checked among all the others as they will be. */
export function normaliseDefinitions(definitions: Definitions, around: DefinitionSurroundings): Normalised {
  return finish(normalisingDefinitions(definitions, around));
}

/** The same a definition at a time. */
export function* normalisingDefinitions(definitions: Definitions, around: DefinitionSurroundings): Steps<Normalised> {
  const problems: DefinitionProblem[] = [];
  const segments = yield* normaliseSegments(definitions, around, problems);
  const flags = yield* normaliseFlags(definitions, around, problems);
  return { environments: around.environments, flags, segments, lists: listsIn(definitions), problems };
}

function* normaliseFlags(
  definitions: Definitions,
  { environments, flags: existing, segments }: DefinitionSurroundings,
  problems: DefinitionProblem[],
): Steps<ReadonlyMap<string, Flag>> {
  const known = new Map<string, Flag>(existing);
  const apart = {
    environments,
    segments: new Set([...segments.keys(), ...Object.keys(definitions.segments)]),
    newRuleId: ruleIdsAreGiven,
  };
  const around = { ...apart, flags: known };
  const inputs = Object.entries(definitions.flags).map(
    ([key, defined]) => [key, defined, expandFlag(key, defined, environments)] as const,
  );
  // Flags may require one another in any order, so what each is must be known before what it requires is looked at.
  for (const [key, , input] of inputs) {
    yield;
    const alone = normaliseFlag(input, existing.get(key), apart);
    // One whose states are wrong is told of by itself; those that require it find it there, with its variants.
    const there = alone.ok ? alone : normaliseFlag(withoutStates(input), existing.get(key), apart);
    if (there.ok) known.set(key, there.value);
  }
  const normalised = new Map<string, Flag>();
  for (const [key, defined, input] of inputs) {
    yield;
    const outcome = normaliseFlag(input, existing.get(key), around);
    if (outcome.ok) normalised.set(key, outcome.value);
    else report(problems, 'flags', key, outcome.refusal, (field) => writtenPlace(field, defined));
  }
  return normalised;
}

function withoutStates({ parent: _, environments: __, ...rest }: FlagInput): FlagInput {
  return rest;
}

function* normaliseSegments(
  { segments }: Definitions,
  { segments: existing, lists }: DefinitionSurroundings,
  problems: DefinitionProblem[],
): Steps<ReadonlyMap<string, Segment>> {
  const parts = new Map<string, SegmentParts>(existing);
  for (const [key, defined] of Object.entries(segments)) parts.set(key, partsOf(defined));
  const normalised = new Map<string, Segment>();
  for (const [key, defined] of Object.entries(segments)) {
    yield;
    const outcome = normaliseSegment(expandSegment(key, defined), parts, lists.get(key) ?? existing.get(key)?.members);
    if (outcome.ok) normalised.set(key, outcome.value);
    else report(problems, 'segments', key, outcome.refusal, (field) => field);
  }
  return normalised;
}

function listsIn({ segments }: Definitions): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(segments).flatMap(([key, defined]) => {
      const keys = keysIn(defined);
      return keys === undefined ? [] : [[key, encodeMembers(keys).fingerprints]];
    }),
  );
}

/** Of a segment that was not checked yet: what the others have to know of it. */
function partsOf({ when = { any: [] }, score, parents, exclusions }: DefinedSegment): SegmentParts {
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
export function environmentsNamed({
  flags,
}: {
  readonly flags: Readonly<Record<string, DefinedFlag>>;
}): ReadonlySet<string> {
  return new Set(
    Object.values(flags).flatMap(({ environments = {}, target_environments = [] }) => [
      ...Object.keys(environments),
      ...target_environments,
    ]),
  );
}
