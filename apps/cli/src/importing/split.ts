import type { Imported } from './report.ts';

type Definitions = Imported['definitions'];

/** The same definitions in parts, each of at most so many characters as indented JSON, or of one thing; segments come first. */
export function inParts(definitions: Definitions, mostCharacters: number): readonly Definitions[] {
  const { segments = {}, flags, ...head } = definitions;
  return [
    ...entriesInParts(segments, mostCharacters).map((part) => ({ ...head, segments: part, flags: {} })),
    ...entriesInParts(flags, mostCharacters).map((part) => ({ ...head, flags: part })),
  ];
}

function entriesInParts<T>(entries: Readonly<Record<string, T>>, mostCharacters: number): readonly Record<string, T>[] {
  const parts: Record<string, T>[] = [];
  let left = 0;
  for (const [key, entry] of Object.entries(entries)) {
    const length = JSON.stringify(entry, undefined, 2).length;
    if (length > left || parts.length === 0) {
      parts.push({});
      left = mostCharacters;
    }
    Object.assign(parts.at(-1) ?? {}, { [key]: entry });
    left -= length;
  }
  return parts;
}
