/** One place that differs; what is not there on one side is left out. */
interface Difference {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

const MAX_DIFFERENCES = 40;
const MAX_SHOWN_TEXT = 100;

/** Differences for people, a line each, no more than anyone reads. */
export function changesText(changes: readonly Difference[]): readonly string[] {
  const all = changes.flatMap(readable);
  const lines = all.slice(0, MAX_DIFFERENCES).map((change) => `    ${differenceText(change)}`);
  const more = all.length - lines.length;
  return more === 0 ? lines : [...lines, `    and ${more} more places`];
}

/** What came or went as a whole and is longer than a line is told part by part, so that nothing of it is cut off. */
function readable({ path, before, after }: Difference): readonly Difference[] {
  const whole = before ?? after;
  const isOneSided = before === undefined || after === undefined;
  if (!isOneSided || typeof whole !== 'object' || whole === null || !isLong(JSON.stringify(whole))) {
    return [{ path, before, after }];
  }
  return Object.entries(whole).flatMap(([name, part]) =>
    readable({ path: `${path}/${name}`, ...(before === undefined ? { after: part } : { before: part }) }),
  );
}

function differenceText({ path, before, after }: Difference): string {
  const place = path === '' ? 'all of it' : path;
  if (before === undefined) return `${place}: now ${shown(after)}`;
  if (after === undefined) return `${place}: no longer ${shown(before)}`;
  return `${place}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return isLong(text) ? `${text.slice(0, MAX_SHOWN_TEXT)}…` : text;
}

function isLong(text: string): boolean {
  return text.length > MAX_SHOWN_TEXT;
}
