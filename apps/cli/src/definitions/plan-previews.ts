import type { CallOutput, Client } from '@spillway/contract';
import { type DefinedFlag, expandFlag } from '@spillway/core';

type Plan = CallOutput<'planDefinitions'>;
export type PlanPreviews = Readonly<Record<string, CallOutput<'previewFlag'>['environments']>>;

/** Flags that one plan is previewed for; each is a question of its own to the server. */
const MAX_PREVIEWED = 50;
const MAX_ENVIRONMENTS = 100;

/**
 * What the plan's changed flags would do to recent contexts, each by itself; empty where no environment collects any. A flag
 * that rests on something the same plan makes cannot be tried before that is there, and is left out.
 */
export async function planPreviews(
  client: Client,
  plan: Plan,
  flags: Readonly<Record<string, DefinedFlag>>,
): Promise<PlanPreviews> {
  const listed = await client.call('listEnvironments', { query: { limit: MAX_ENVIRONMENTS } });
  if (!listed.ok || listed.value.items.every(({ recent_contexts }) => recent_contexts === 'off')) return {};
  const environments = listed.value.items.map(({ key }) => key);
  const previews: Record<string, PlanPreviews[string]> = {};
  for (const key of changedFlags(plan).slice(0, MAX_PREVIEWED)) {
    const defined = Object.hasOwn(flags, key) ? flags[key] : undefined;
    if (defined === undefined) continue;
    // Checked against the schema of definitions, which the server reads with the same code.
    const flag = expandFlag(key, defined, environments) as never;
    const previewed = await client.call('previewFlag', { params: { key }, body: { flag } });
    if (!previewed.ok) continue;
    const tried = Object.entries(previewed.value.environments).filter(([, { contexts }]) => contexts > 0);
    if (tried.length > 0) previews[key] = Object.fromEntries(tried);
  }
  return previews;
}

function changedFlags({ changes }: Plan): readonly string[] {
  return changes
    .filter(({ noun, action }) => noun === 'flags' && (action === 'create' || action === 'update'))
    .map(({ key }) => key);
}
