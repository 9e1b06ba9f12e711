import {
  accept,
  canonicalise,
  checkReason,
  compare,
  type DefinedFlag,
  type DefinedSegment,
  type Definitions,
  type Difference,
  defineSegment,
  type Environment,
  type Flag,
  inOrderOfNeed,
  type LogEntry,
  needsIn,
  type Outcome,
  type PlannedChange,
  type PlanTerms,
  planningDefinitions,
  refuse,
  type Segment,
  type Steps,
  writtenFlag,
  writtenSegment,
} from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import { checkSize } from '../documents/changes.ts';
import { commitTogether, type TogetherDeps } from '../documents/commit-together.ts';
import { toJson } from '../documents/document.ts';
import type { Structure } from '../documents/structure.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { environmentsTouched } from '../flags/touched.ts';
import { createPace, type Pace, takeSteps, takeTurns } from '../pacing/pace.ts';
import type { Write } from '../ports/index.ts';
import { readCurrent } from './current.ts';
import { listsOf } from './lists.ts';
import type { DefinitionUseCases, PlannedDefinition } from './use-cases.ts';

export interface DefinitionDeps extends TogetherDeps {
  readonly environments: EnvironmentDirectory;
  readonly structure: Structure;
}

/** All texts of a large plan at once would be hashed in one long turn. */
const TEXTS_PER_DIGEST = 200;

/** Definitions against what there is: what would change, all of it at once, and everything as definitions again. */
export function createDefinitionUseCases(deps: DefinitionDeps): DefinitionUseCases {
  const { sha256, environments, clock } = deps;

  /** Looked at is what will be done; another version, and any other outcome, is another plan. */
  async function fingerprintOf(numbered: readonly Numbered[], pace: Pace): Promise<string> {
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

  async function show(numbered: readonly Numbered[]): Promise<readonly PlannedDefinition[]> {
    const changes: PlannedDefinition[] = [];
    await takeTurns(clock, numbered, ({ change }) => changes.push(shown(change)));
    return changes;
  }

  async function writesOf(numbered: readonly Numbered[]): Promise<Outcome<readonly Write[]>> {
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

  async function plan(definitions: Definitions, terms: PlanTerms): Promise<Outcome<Planned>> {
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
    const fingerprint = await fingerprintOf(numbered, pace);
    return accept({ numbered, fingerprint, flags });
  }

  return forAdmins<DefinitionUseCases>({
    async plan(_, definitions, terms) {
      const planned = await plan(definitions, terms);
      if (!planned.ok) return planned;
      const { numbered, fingerprint } = planned.value;
      return accept({ changes: await show(numbered), fingerprint });
    },
    async apply(call, definitions, terms, fingerprint) {
      const repeated = await commitTogether(deps, call, [], fingerprint);
      if (!repeated.ok) return repeated;
      if (repeated.value.length > 0) return accept({ changes: repeated.value.map(applied), fingerprint });
      return deps.structure(async (fence) => {
        const planned = await plan(definitions, terms);
        if (!planned.ok) return planned;
        if (planned.value.fingerprint !== fingerprint) return planIsOld();
        const { numbered, flags } = planned.value;
        const where = await takeSteps(createPace(clock), touched(numbered, flags, environments.all()));
        const felt = checkReason(where, call.reason);
        if (!felt.ok) return felt;
        const writes = await writesOf(numbered);
        if (!writes.ok) return writes;
        const committed =
          writes.value.length === 0 ? accept([]) : await commitTogether(deps, call, writes.value, fingerprint, fence);
        if (!committed.ok) return committed;
        return accept({ changes: await show(numbered), fingerprint });
      });
    },
    async export(_, only) {
      const { flags, segments } = await readCurrent(deps);
      const isWanted = ({ managed_by }: Flag | Segment) =>
        only.managed_by === undefined || managed_by === only.managed_by;
      const wanted = [...flags.values()].filter((flag) => flag.lifecycle === 'active' && isWanted(flag));
      const written = { flags: new Map<string, DefinedFlag>(), segments: new Map<string, DefinedSegment>() };
      await takeTurns(clock, wanted, (flag) => written.flags.set(flag.key, writtenFlag(flag)));
      await takeTurns(clock, [...segments.values()].filter(isWanted), (segment) =>
        written.segments.set(segment.key, writtenSegment(segment)),
      );
      return accept({
        ...only,
        flags: Object.fromEntries(written.flags),
        segments: Object.fromEntries(written.segments),
      });
    },
  });
}

interface Numbered {
  readonly change: PlannedChange;
  readonly version: number;
}

interface Planned {
  readonly numbered: readonly Numbered[];
  readonly fingerprint: string;
  readonly flags: ReadonlyMap<string, Flag>;
}

function shown(change: PlannedChange): PlannedDefinition {
  const { noun, key, action, before, after } = change;
  if (action === 'none') return { noun, key, action, diff: [] };
  return { noun, key, action, diff: differences(before, after) };
}

function differences(before: Flag | Segment | undefined, after: Flag | Segment | undefined): readonly Difference[] {
  return compare(before && toJson(before), after && toJson(after));
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
  if (before === undefined || after === undefined) return false;
  const meaning = (segment: Segment) => canonicalise(toJson(defineSegment(segment, 0, listText(segment))));
  return meaning(before) !== meaning(after);
}

/** As good as the list itself for telling two apart. */
function listText({ members }: Segment): string {
  return (members?.chunks ?? []).map(({ digest }) => digest).join();
}

function planIsOld() {
  return refuse(
    'stale',
    'Something changed since this was planned, or the plan was of other definitions. Plan again, look at it, and apply that.',
    { fields: [{ field: '/fingerprint', message: 'is not that of the plan as it would be now' }] },
  );
}
