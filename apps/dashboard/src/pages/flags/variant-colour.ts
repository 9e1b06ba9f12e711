const SERIES = 6;

/** A variant keeps its colour by its place in the flag's list; off-like variants are grey. */
export function variantColour(index: number, name: string): string {
  if (name === 'off' || name === 'control') return 'var(--field)';
  return `var(--series-${(index % SERIES) + 1})`;
}
