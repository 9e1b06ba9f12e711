import type { CallOutput } from '@spillway/contract';
import type { PlanPreviews, Previewed } from '../definitions/plan-previews.ts';
import { changesText } from './changes-text.ts';
import { previewLines } from './preview-view.ts';
import { type Paint, paintFor } from './terminal.ts';

type Plan = CallOutput<'planDefinitions'>;
type Change = Plan['changes'][number];

const SIGNS = { create: '+', update: '~', archive: '-', delete: '-', none: ' ' } as const;
const NOUNS = { flags: 'flag', segments: 'segment' } as const;

/** What would change, thing by thing, and how much that is. */
export function planText(plan: Plan, tried?: PlanPreviews): string {
  const paint = paintFor(process.stdout, process.env);
  const { previews = {}, previewed } = tried ?? {};
  const lines = plan.changes.flatMap((change) => [
    ...changeLines(change, paint),
    ...(change.noun === 'flags' ? consequences(previews[change.key]) : []),
  ]);
  const space = lines.length === 0 ? [] : [''];
  return [...lines, ...space, `${summary(plan)}.`, ...leftOut(previewed)].join('\n');
}

/** Nobody is to take what was not tried for what changes nothing. */
function leftOut(previewed: Previewed | undefined): readonly string[] {
  if (previewed === undefined || previewed.flags === previewed.of) return [];
  const { flags, of, refused, out_of_time } = previewed;
  const reasons = [
    ...(out_of_time === 0 ? [] : [`there was no time for ${out_of_time}, see --preview-time`]),
    ...(refused === 0 ? [] : [`${refused} cannot be tried before the rest of the plan is there`]),
  ];
  return [`Previewed: ${flags} of ${of} changed flags; ${reasons.join('; ')}.`];
}

/** Below the change, as its consequence. */
function consequences(environments: PlanPreviews['previews'][string] = {}): readonly string[] {
  return Object.entries(environments).flatMap(([name, preview]) =>
    previewLines(name, preview).map((line) => `    ${line}`),
  );
}

export function summary({ changes }: Plan): string {
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  const parts = [
    said(count('create'), 'created'),
    said(count('update'), 'changed'),
    said(count('archive'), 'archived'),
    said(count('delete'), 'deleted'),
  ].filter((part) => part !== undefined);
  const same = count('none');
  const rest = same === 0 ? '' : `${same} as before`;
  return [parts.length === 0 ? 'no change' : parts.join(', '), rest].filter((part) => part !== '').join('; ');
}

function said(number: number, done: string): string | undefined {
  return number === 0 ? undefined : `${number} ${done}`;
}

function changeLines({ noun, key, action, diff }: Change, paint: Paint): readonly string[] {
  if (action === 'none') return [];
  const head = `${SIGNS[action]} ${NOUNS[noun]} ${key}${action === 'archive' || action === 'delete' ? ` (${action})` : ''}`;
  const colour = action === 'create' ? paint.stable : action === 'update' ? paint.canary : paint.bad;
  if (action !== 'update') return [colour(head)];
  return [colour(head), ...changesText(diff)];
}
