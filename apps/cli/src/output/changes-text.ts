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
  const lines = changes.slice(0, MAX_DIFFERENCES).map((change) => `    ${differenceText(change)}`);
  const more = changes.length - lines.length;
  return more === 0 ? lines : [...lines, `    and ${more} more places`];
}

function differenceText({ path, before, after }: Difference): string {
  const place = path === '' ? 'all of it' : path;
  if (before === undefined) return `${place}: now ${shown(after)}`;
  if (after === undefined) return `${place}: no longer ${shown(before)}`;
  return `${place}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN_TEXT ? `${text.slice(0, MAX_SHOWN_TEXT)}…` : text;
}
