/** What stands in a list of a certain width; whatever else there is to say about environments goes into one more column. */
export interface Room {
  readonly layout: 'table' | 'cards';
  /** Environments with a switch of their own; when not all have one, there is room for a column about the others too. */
  readonly environments: number;
  readonly activity: boolean;
  readonly owner: boolean;
  readonly type: boolean;
}

/** Widths in CSS pixels. */
const TABLE_FROM = 600;
const FLAG = 248;
const STATUS = 112;
const ENVIRONMENT = 100;
const CARD_ENVIRONMENT = 84;
const CARD_PADDING = 32;
/** What is worth a column after the switches of so many environments, the most wanted first. */
const USUAL_ENVIRONMENTS = 5;
const EXTRAS = [
  ['activity', 124],
  ['owner', 132],
  ['type', 84],
] as const;

/** Switches come first: what is not shown here is on the flag's own page, but nobody looks there for what is on. */
export function roomIn(width: number, environments: number): Room {
  if (width < TABLE_FROM) {
    const columns = Math.max(2, Math.floor((width - CARD_PADDING) / CARD_ENVIRONMENT));
    return {
      layout: 'cards',
      environments: shownIn(columns, environments),
      activity: false,
      owner: false,
      type: false,
    };
  }
  const free = width - FLAG - STATUS;
  const columns = Math.min(environments, USUAL_ENVIRONMENTS, Math.floor(free / ENVIRONMENT));
  let left = free - columns * ENVIRONMENT;
  const extras = { activity: false, owner: false, type: false };
  for (const [extra, wide] of EXTRAS) {
    extras[extra] = wide <= left;
    if (extras[extra]) left -= wide;
  }
  const more = Math.floor(left / ENVIRONMENT);
  return { layout: 'table', environments: shownIn(columns + more, environments), ...extras };
}

function shownIn(columns: number, environments: number): number {
  return environments <= columns ? environments : columns - 1;
}
