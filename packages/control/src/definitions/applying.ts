import {
  accept,
  checkReason,
  type Definitions,
  type Environment,
  type Flag,
  inOrderOfNeed,
  type LogEntry,
  needsIn,
  type Outcome,
  type PlannedChange,
  type PlanTerms,
  refuse,
  type Steps,
} from '@spillway/core';
import type { Call } from '../call.ts';
import { checkSize } from '../documents/changes.ts';
import { commitTogether } from '../documents/commit-together.ts';
import { toJson } from '../documents/document.ts';
import type { Structure } from '../documents/structure.ts';
import { environmentsTouched } from '../flags/touched.ts';
import { createPace, takeSteps } from '../pacing/pace.ts';
import type { Clock, Fence, Write } from '../ports/index.ts';
import { segmentMeaning } from '../segments/meaning.ts';
import { type Numbered, type Planned, type PlanningDeps, planNow, shownPlan } from './planning.ts';
import type { DefinitionUseCases, PlannedDefinition } from './use-cases.ts';

export interface ApplyingDeps extends PlanningDeps {
  readonly structure: Structure;
}

/** Carries out the plan that somebody looked at, and no other. */
export function createApply(deps: ApplyingDeps): DefinitionUseCases['apply'] {
  return async (call, definitions, terms, fingerprint) => {
    const repeated = await commitTogether(deps, call, [], fingerprint);
    if (!repeated.ok) return repeated;
    if (repeated.value.length > 0) return accept({ changes: repeated.value.map(applied), fingerprint });
    return deps.structure(async (fence) => {
      const planned = await planAgain(deps, definitions, terms, fingerprint);
      if (!planned.ok) return planned;
      const committed = await carryOut(deps, call, planned.value, fence);
      if (!committed.ok) return committed;
      return accept({ changes: await shownPlan(deps.clock, planned.value.numbered), fingerprint });
    });
  };
}

async function planAgain(
  deps: ApplyingDeps,
  definitions: Definitions,
  terms: PlanTerms,
  fingerprint: string,
): Promise<Outcome<Planned>> {
  const planned = await planNow(deps, definitions, terms);
  return planned.ok && planned.value.fingerprint !== fingerprint ? planIsOld() : planned;
}

async function carryOut(
  deps: ApplyingDeps,
  call: Call,
  { numbered, flags, fingerprint }: Planned,
  fence: Fence,
): Promise<Outcome<readonly LogEntry[]>> {
  const where = await takeSteps(createPace(deps.clock), touched(numbered, flags, deps.environments.all()));
  const felt = checkReason(where, call.reason);
  if (!felt.ok) return felt;
  const writes = await writesOf(deps.clock, numbered);
  if (!writes.ok) return writes;
  return writes.value.length === 0 ? accept([]) : commitTogether(deps, call, writes.value, fingerprint, fence);
}

async function writesOf(clock: Clock, numbered: readonly Numbered[]): Promise<Outcome<readonly Write[]>> {
  const versions = new Map(numbered.map(({ change, version }) => [change, version]));
  const pace = createPace(clock);
  const writes: Write[] = [];
  for (const change of inOrderOfNeed(numbered.map((one) => one.change))) {
    for (const write of writeOf(change, versions.get(change) ?? 0)) {
      const small = checkSize(`${write.noun} ${write.key}`, write.after);
      if (!small.ok) return small;
      writes.push(write);
    }
    await pace();
  }
  return accept(writes);
}

/** What a repeated request did when it came for the first time. */
function applied({ noun, key, action }: LogEntry): PlannedDefinition {
  const [, verb = ''] = action.split('.');
  const actions = { created: 'create', archived: 'archive', deleted: 'delete' } as const;
  const found = Object.hasOwn(actions, verb) ? actions[verb as keyof typeof actions] : 'update';
  return { noun: noun === 'segments' ? 'segments' : 'flags', key, action: found, diff: [] };
}

const ACTIONS = { create: 'created', update: 'updated', archive: 'archived', delete: 'deleted' } as const;

function writeOf({ noun, key, action, before, after }: PlannedChange, version: number): readonly Write[] {
  if (action === 'none') return [];
  const isRestored = noun === 'flags' && before?.lifecycle === 'archived';
  const name = noun === 'flags' ? 'flag' : 'segment';
  return [
    {
      noun,
      key,
      expected: version,
      after: after === undefined ? null : toJson(after),
      action: `${name}.${isRestored ? 'restored' : ACTIONS[action]}`,
    },
  ];
}

/** The environments whose users may get something else. A segment is the same in all of them. */
function* touched(
  numbered: readonly Numbered[],
  flags: ReadonlyMap<string, Flag>,
  environments: readonly Environment[],
): Steps<readonly Environment[]> {
  const found = new Set<Environment>();
  const { segments: used } = needsIn({ flags: flags.values(), segments: [], switches: [] });
  for (const { change } of numbered) {
    yield;
    if (change.action === 'none') continue;
    if (change.noun === 'segments') {
      if (used.has(change.key) && isFelt(change)) return environments;
      continue;
    }
    for (const one of environmentsTouched(change.before, change.after, environments)) found.add(one);
  }
  return [...found];
}

function isFelt({ before, after }: PlannedChange & { noun: 'segments' }): boolean {
  return before !== undefined && after !== undefined && segmentMeaning(before) !== segmentMeaning(after);
}

function planIsOld() {
  return refuse(
    'stale',
    'Something changed since this was planned, or the plan was of other definitions. Plan again, look at it, and apply that.',
    { fields: [{ field: '/fingerprint', message: 'is not that of the plan as it would be now' }] },
  );
}
