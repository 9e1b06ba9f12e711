import type { CallOutput, Client } from '@spillway/contract';
import { type DefinedFlag, expandFlag } from '@spillway/core';

type Plan = CallOutput<'planDefinitions'>;

/** The plan's changed flags on recent contexts, and how many of them were tried. */
export interface PlanPreviews {
  /** Of the flags that were tried on any context. */
  readonly previews: Readonly<Record<string, CallOutput<'previewFlag'>['environments']>>;
  readonly previewed: Previewed;
}

export interface Previewed {
  readonly flags: number;
  /** Flags that the plan makes or changes. */
  readonly of: number;
  /** What could not be tried, because it rests on something that the same plan makes. */
  readonly refused: number;
  /** What there was no time for. */
  readonly out_of_time: number;
}

export const PREVIEW_MS = 30_000;
const MAX_ENVIRONMENTS = 100;

/**
 * What the plan's changed flags would do to recent contexts, each by itself, in the order of the plan until the time is
 * over; undefined where no environment collects any contexts.
 */
export async function planPreviews(
  client: Client,
  plan: Plan,
  flags: Readonly<Record<string, DefinedFlag>>,
  withinMs: number,
): Promise<PlanPreviews | undefined> {
  const listed = await client.call('listEnvironments', { query: { limit: MAX_ENVIRONMENTS } });
  if (!listed.ok || listed.value.items.every(({ recent_contexts }) => recent_contexts === 'off')) return undefined;
  const environments = listed.value.items.map(({ key }) => key);
  const changed = changedFlags(plan, flags);
  const previews: Record<string, PlanPreviews['previews'][string]> = {};
  const end = performance.now() + withinMs;
  let [tried, refused] = [0, 0];
  for (const [key, defined] of changed) {
    if (performance.now() >= end) break;
    // Checked against the schema of definitions, which the server reads with the same code.
    const flag = expandFlag(key, defined, environments) as never;
    const previewed = await client.call('previewFlag', { params: { key }, body: { flag } });
    if (!previewed.ok) {
      refused += 1;
      continue;
    }
    tried += 1;
    const answered = Object.entries(previewed.value.environments).filter(([, { contexts }]) => contexts > 0);
    if (answered.length > 0) previews[key] = Object.fromEntries(answered);
  }
  const of = changed.length;
  return { previews, previewed: { flags: tried, of, refused, out_of_time: of - tried - refused } };
}

function changedFlags(
  { changes }: Plan,
  flags: Readonly<Record<string, DefinedFlag>>,
): readonly (readonly [string, DefinedFlag])[] {
  return changes.flatMap(({ noun, action, key }) => {
    const defined = Object.hasOwn(flags, key) ? flags[key] : undefined;
    const isTried = noun === 'flags' && (action === 'create' || action === 'update') && defined !== undefined;
    return isTried ? [[key, defined] as const] : [];
  });
}
