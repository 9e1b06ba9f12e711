import {
  accept,
  canonicalise,
  compare,
  type Definitions,
  type Difference,
  type Flag,
  type Outcome,
  type PlannedChange,
  type PlanTerms,
  planningDefinitions,
  type Segment,
} from '@spillway/core';
import type { TogetherDeps } from '../documents/commit-together.ts';
import { toJson } from '../documents/document.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { createPace, type Pace, takeSteps, takeTurns } from '../pacing/pace.ts';
import type { Clock, Sha256 } from '../ports/index.ts';
import { readCurrent } from './current.ts';
import { listsOf } from './lists.ts';
import type { PlannedDefinition } from './use-cases.ts';

/** All texts of a large plan at once would be hashed in one long turn. */
const TEXTS_PER_DIGEST = 200;

export interface PlanningDeps extends TogetherDeps {
  readonly environments: EnvironmentDirectory;
}

/** `version` is that of the document as it was planned upon; 0 when there is none. */
export interface Numbered {
  readonly change: PlannedChange;
  readonly version: number;
}

export interface Planned {
  readonly numbered: readonly Numbered[];
  readonly fingerprint: string;
  readonly flags: ReadonlyMap<string, Flag>;
}

/** What the definitions would change, as things stand. */
export async function planNow(
  deps: PlanningDeps,
  definitions: Definitions,
  terms: PlanTerms,
): Promise<Outcome<Planned>> {
  const { environments, clock, sha256 } = deps;
  await environments.lookAgainFor(
    Object.values(definitions.flags).flatMap((flag) => Object.keys(flag.environments ?? {})),
  );
  const { flags, segments, switches, versions } = await readCurrent(deps);
  const lists = await listsOf(deps, definitions, segments);
  if (!lists.ok) return lists;
  const current = { environments: environments.keys, flags, segments, switches, lists: lists.value };
  const pace = createPace(clock);
  const planned = await takeSteps(pace, planningDefinitions(definitions, current, terms));
  if (!planned.ok) return planned;
  const numbered = planned.value.map((change) => ({
    change,
    version: versions.get(`${change.noun}/${change.key}`) ?? 0,
  }));
  const fingerprint = await fingerprintOf(numbered, sha256, pace);
  return accept({ numbered, fingerprint, flags });
}

/** Looked at is what will be done; another version, and an outcome other than it, is another plan. */
async function fingerprintOf(numbered: readonly Numbered[], sha256: Sha256, pace: Pace): Promise<string> {
  let digest = '';
  let texts: string[] = [];
  for (const { change, version } of numbered) {
    const { noun, key, action, after } = change;
    texts.push(canonicalise([noun, key, action, version, after === undefined ? null : toJson(after)]));
    if (texts.length === TEXTS_PER_DIGEST) {
      digest = sha256([digest, ...texts].join());
      texts = [];
    }
    await pace();
  }
  return sha256([digest, ...texts].join());
}

/** As people look at it. */
export async function shownPlan(clock: Clock, numbered: readonly Numbered[]): Promise<readonly PlannedDefinition[]> {
  const changes: PlannedDefinition[] = [];
  await takeTurns(clock, numbered, ({ change }) => changes.push(shown(change)));
  return changes;
}

function shown(change: PlannedChange): PlannedDefinition {
  const { noun, key, action, before, after } = change;
  if (action === 'none') return { noun, key, action, diff: [] };
  return { noun, key, action, diff: differences(before, after) };
}

function differences(before: Flag | Segment | undefined, after: Flag | Segment | undefined): readonly Difference[] {
  return compare(before && toJson(before), after && toJson(after));
}
