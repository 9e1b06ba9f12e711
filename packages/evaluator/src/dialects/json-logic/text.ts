import { fail } from './node.ts';

const MAX_TEXT = 65_536;

/** Put together with `+`, as the language does it. */
export function joined(values: readonly unknown[]): string {
  let text = '';
  for (const value of values) text += String(value);
  return text.length > MAX_TEXT ? fail('a text is too long') : text;
}

/** From a place, counted from the end if negative; `length` below 0 counts from the end as well. */
export function partOf([text, from, length]: readonly unknown[]): string {
  if (typeof text !== 'string') return fail('substr takes text');
  const rest = text.slice(wholeNumber(from));
  if (length === undefined) return rest;
  const count = wholeNumber(length);
  if ((length as number) < 0) return rest.slice(0, Math.max(rest.length + count, 0));
  return rest.slice(0, Math.max(count, 0));
}

function wholeNumber(value: unknown): number {
  const number = Number(value);
  return Number.isNaN(number) ? 0 : Math.trunc(number);
}

export function isAmong([item, list]: readonly unknown[]): boolean {
  const within = list || [];
  if (typeof within === 'string') return within.includes(String(item));
  return Array.isArray(within) ? within.includes(item) : fail('in takes a list or text');
}

export function merged(values: readonly unknown[]): readonly unknown[] {
  return values.flat();
}

export function extreme(values: readonly unknown[], isBetter: (one: number, other: number) => boolean): number {
  let best: number | undefined;
  for (const value of values) {
    if (typeof value !== 'number') return fail('min and max take numbers');
    if (best === undefined || isBetter(value, best)) best = value;
  }
  return best ?? fail('min and max take at least one number');
}
