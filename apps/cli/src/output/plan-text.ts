import type { CallOutput } from '@spillway/contract';
import { type Paint, paintFor } from './terminal.ts';

type Plan = CallOutput<'planDefinitions'>;
type Change = Plan['changes'][number];

const SIGNS = { create: '+', update: '~', archive: '-', delete: '-', none: ' ' } as const;
const NOUNS = { flags: 'flag', segments: 'segment' } as const;
const MAX_DIFFERENCES = 40;
const MAX_SHOWN_TEXT = 100;

/** What would change, thing by thing, and how much that is. */
export function planText(plan: Plan): string {
  const paint = paintFor(process.stdout, process.env);
  const lines = plan.changes.flatMap((change) => changeLines(change, paint));
  return [...lines, ...(lines.length === 0 ? [] : ['']), `${summary(plan)}.`].join('\n');
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
  const shownOnes = diff.slice(0, MAX_DIFFERENCES).map((one) => `    ${differenceText(one)}`);
  const more = diff.length - shownOnes.length;
  return [colour(head), ...shownOnes, ...(more === 0 ? [] : [`    and ${more} more places`])];
}

function differenceText({ path, before, after }: Change['diff'][number]): string {
  if (before === undefined) return `${path}: now ${shown(after)}`;
  if (after === undefined) return `${path}: no longer ${shown(before)}`;
  return `${path}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN_TEXT ? `${text.slice(0, MAX_SHOWN_TEXT)}…` : text;
}
