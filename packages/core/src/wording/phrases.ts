import type { Deed } from './environment-changes.ts';

/** Of one side of a change; what is longer is said to have changed. */
const MAX_SIDE = 60;

/** A change as a part of a sentence: `owner shop → web`. */
export function phraseOf({ name, before = '', after = '', deed }: Deed): string {
  if (deed !== undefined) return deed;
  const what = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  if (before.length > MAX_SIDE || after.length > MAX_SIDE) return `${what} changed`;
  if (after === '') return `${what} no longer ${before}`;
  return before === '' ? `${what} ${after}` : `${what} ${before} → ${after}`;
}
