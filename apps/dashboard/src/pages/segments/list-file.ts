const MAX_KEYS = 1_000;

/** By the file's name, which is all that browsers reliably know of it. */
export function formatOf(name: string): 'text/csv' | 'application/x-ndjson' {
  return /\.(?:ndjson|jsonl|json)$/i.test(name) ? 'application/x-ndjson' : 'text/csv';
}

/** Typed keys: one a line or with commas between, each once. */
export function keysIn(text: string): readonly string[] {
  const keys = text.split(/[,\n\r]/).map((key) => key.trim());
  return [...new Set(keys.filter((key) => key !== ''))].slice(0, MAX_KEYS);
}

const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

export function sizeWords(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1_000 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`;
}
