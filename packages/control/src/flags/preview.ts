import {
  accept,
  changeFlagEnvironment,
  compareFlag,
  countRuleReach,
  defineFlag,
  type Flag,
  flagsRequiring,
  normaliseFlag,
  type Outcome,
  refuse,
  type Unreachable,
  unreachableIn,
} from '@spillway/core';
import { compile, type EvaluationContext, type FlagDefinition, type Snapshot } from '@spillway/evaluator';
import { type ContextSampleDeps, lookAtContexts } from '../contexts/sample.ts';
import { unknownEnvironment } from '../environments/unknown.ts';
import { createPace } from '../pacing/pace.ts';
import type { Random } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import { settle } from '../snapshots/settle.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { FlagDirectory } from './directory.ts';
import { flagIsArchived, refuseOtherKey, unknownFlag } from './refusals.ts';
import { flagSurroundings } from './surroundings.ts';
import type { EnvironmentPreview, FlagPreview, FlagUseCases, PreviewRequest } from './use-cases.ts';

/** Flags that are compared besides the one that is changed. */
const MAX_DEPENDENTS = 50;

export interface PreviewDeps extends ContextSampleDeps {
  readonly random: Random;
  readonly segments: SegmentDirectory;
  readonly flags: FlagDirectory;
  readonly snapshots: Snapshots;
}

interface Change {
  readonly after: Flag;
  readonly environments: readonly string[];
}

/** What a change of a flag would do to contexts, before it is made: checked as it would be, and nothing is written. */
export function createFlagPreview(deps: PreviewDeps): FlagUseCases['preview'] {
  return async (_, key: string, request: PreviewRequest): Promise<Outcome<FlagPreview>> => {
    await deps.flags.lookAgainFor([key]);
    const change = await changeOf(deps, key, request);
    if (!change.ok) return change;
    const previews: Record<string, EnvironmentPreview> = {};
    for (const environment of change.value.environments) {
      const preview = await previewIn(deps, environment, change.value.after, request.contexts);
      if (!preview.ok) return preview;
      previews[environment] = preview.value;
    }
    return accept({ environments: previews, warnings: warningsOf(change.value) });
  };
}

/** Of the environments that are changed: what nobody will ever get to is better seen before it is saved. */
function warningsOf({ after, environments }: Change): readonly Unreachable[] {
  const changed = Object.entries(after.environments).filter(([name]) => environments.includes(name));
  return unreachableIn({ ...after, environments: Object.fromEntries(changed) });
}

async function changeOf(deps: PreviewDeps, key: string, request: PreviewRequest): Promise<Outcome<Change>> {
  const { flags, environments } = deps;
  const { around, lookAgainFor } = flagSurroundings(deps);
  const stored = flags.flags.get(key);
  const { flag: input, environment, update } = request;
  if (input !== undefined && environment === undefined && update === undefined) {
    if (input.key !== key) return refuseOtherKey(key);
    await lookAgainFor(input);
    const after = normaliseFlag(input, stored, around);
    return after.ok ? accept({ after: after.value, environments: [...environments.keys] }) : after;
  }
  if (input !== undefined || environment === undefined || update === undefined) {
    return refuse('invalid', 'Say what is changed: either `flag`, or `environment` and `update`.', {
      fields: [{ field: '/flag', message: 'must be given, or `environment` and `update` in its place' }],
    });
  }
  await lookAgainFor({ environments: { [environment]: update } });
  if (!environments.keys.has(environment)) return unknownEnvironment(environment, environments.keys, '/environment');
  if (stored === undefined) return unknownFlag(key);
  if (stored.lifecycle === 'archived') return flagIsArchived(key);
  const { version: _, ...before } = stored;
  const after = changeFlagEnvironment(before, environment, update, around);
  return after.ok ? accept({ after: after.value, environments: [environment] }) : after;
}

/** Tries the change on every context, for the flag and for those that require it. */
async function previewIn(
  deps: PreviewDeps,
  environment: string,
  flag: Flag,
  contexts: readonly EvaluationContext[] | undefined,
): Promise<Outcome<EnvironmentPreview>> {
  const feed = await deps.snapshots.feed(environment);
  if (!feed.ok) return feed;
  // Each of these looks at every flag there is.
  const pace = createPace(deps.clock);
  const before = feed.value.configuration();
  await pace();
  const flags = flagsWith(deps, before.snapshot, environment, flag);
  await pace();
  const after = compile({ ...before.snapshot, flags }, before);
  await pace();
  const requiring = flagsRequiring({ ...before.snapshot.flags, ...flags }, [flag.key]);
  await pace();
  await settle(pace, [before, after], flag.key);
  const now = deps.clock.now();
  const comparison = compareFlag(flag.key, before, after, now);
  const rules = ruleCountOf(after.snapshot, flag.key, now);
  const compared = requiring
    .slice(0, MAX_DEPENDENTS)
    .map((key) => ({ key, comparison: compareFlag(key, before, after, now) }));
  const sample = await lookAtContexts(deps, environment, contexts, (context) => {
    comparison.try(context);
    rules?.look(context);
    for (const dependent of compared) dependent.comparison.try(context);
  });
  const results = compared.map(({ key, comparison: dependent }) => ({ key, ...dependent.result() }));
  const dependents = results
    .filter(({ changed }) => changed > 0)
    .map(({ key, changed, share, transitions }) => [key, { changed, share, transitions }] as const);
  return accept({
    ...comparison.result(),
    sample,
    rules: rules?.result() ?? [],
    dependents: Object.fromEntries(dependents),
    dependents_left_out: requiring.length - compared.length,
  });
}

function ruleCountOf(after: Snapshot, key: string, now: number) {
  const definition = after.flags[key];
  return definition === undefined || definition.rules.length === 0 ? undefined : countRuleReach(after, definition, now);
}

/** The environment's flags with this one as it would be, and its children with what they would take from it. */
function flagsWith(
  { flags }: PreviewDeps,
  { flags: before }: Snapshot,
  environment: string,
  flag: Flag,
): Readonly<Record<string, FlagDefinition>> {
  const changed: Record<string, FlagDefinition> = { ...before };
  const put = (key: string, definition: FlagDefinition | undefined) => {
    if (definition === undefined) delete changed[key];
    else changed[key] = definition;
  };
  const parent = flag.parent === undefined ? undefined : flags.flags.get(flag.parent);
  // A version of their own, because compiling takes over what has the same one.
  put(flag.key, defineFlag(flag, (flags.flags.get(flag.key)?.version ?? 0) + 1, environment, parent));
  for (const child of flags.flags.values()) {
    if (child.parent === flag.key) put(child.key, defineFlag(child, child.version + 1, environment, flag));
  }
  return changed;
}
