import {
  accept,
  changeFlagEnvironment,
  compareFlag,
  defineFlag,
  type Flag,
  normaliseFlag,
  type Outcome,
  type Preview,
  refuse,
} from '@spillway/core';
import { compile, type EvaluationContext } from '@spillway/evaluator';
import { requireAdmin } from '../access/permission.ts';
import type { Call, Control, FlagPreview, PreviewRequest } from '../control.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, Random } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { FlagDirectory } from './directory.ts';
import { flagIsArchived, refuseOtherKey, unknownEnvironment, unknownFlag } from './refusals.ts';
import { flagSurroundings } from './surroundings.ts';

/** How long one preview may evaluate before others get their turn. */
const LONGEST_TURN_MS = 10;

export interface PreviewDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
  readonly flags: FlagDirectory;
  readonly snapshots: Snapshots;
}

interface Change {
  readonly after: Flag;
  readonly environments: readonly string[];
}

/** What a change of a flag would do to contexts, before it is made: checked as it would be, and nothing is written. */
export function createFlagPreview(deps: PreviewDeps): Control['flags']['preview'] {
  return async (call: Call, key: string, request: PreviewRequest): Promise<Outcome<FlagPreview>> => {
    const admin = requireAdmin(call);
    if (!admin.ok) return admin;
    await deps.flags.lookAgainFor([key]);
    const change = await changeOf(deps, key, request);
    if (!change.ok) return change;
    const previews: Record<string, Preview> = {};
    for (const environment of change.value.environments) {
      const preview = await previewIn(deps, environment, change.value.after, request.contexts);
      if (!preview.ok) return preview;
      previews[environment] = preview.value;
    }
    return accept({ environments: previews });
  };
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
  if (!environments.keys.has(environment)) return unknownEnvironment(environment, environments.keys);
  if (stored === undefined) return unknownFlag(key);
  if (stored.lifecycle === 'archived') return flagIsArchived(key);
  const { version: _, ...before } = stored;
  const after = changeFlagEnvironment(before, environment, update, around);
  return after.ok ? accept({ after: after.value, environments: [environment] }) : after;
}

async function previewIn(
  { clock, flags, snapshots }: PreviewDeps,
  environment: string,
  flag: Flag,
  contexts: readonly EvaluationContext[],
): Promise<Outcome<Preview>> {
  const feed = await snapshots.feed(environment);
  if (!feed.ok) return feed;
  const before = feed.value.configuration();
  const parent = flag.parent === undefined ? undefined : flags.flags.get(flag.parent);
  const version = (flags.flags.get(flag.key)?.version ?? 0) + 1;
  const definition = defineFlag(flag, version, environment, parent);
  const { [flag.key]: _, ...others } = before.snapshot.flags;
  const changed = definition === undefined ? others : { ...others, [flag.key]: definition };
  const after = compile({ ...before.snapshot, flags: changed }, before);
  const comparison = compareFlag(flag.key, before, after, clock.now());
  let pause = clock.monotonic() + LONGEST_TURN_MS;
  for (const context of contexts) {
    if (clock.monotonic() > pause) {
      await clock.sleep(0);
      pause = clock.monotonic() + LONGEST_TURN_MS;
    }
    comparison.try(context);
  }
  return accept(comparison.result());
}
