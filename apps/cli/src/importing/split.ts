import type { Flags, Imported } from './report.ts';

type Definitions = Imported['definitions'];

/** The same definitions in parts, each of at most so many characters as indented JSON, or of one flag; segments come first. */
export function inParts(definitions: Definitions, mostCharacters: number): readonly Definitions[] {
  const parts: Record<string, Flags[string]>[] = [];
  let left = 0;
  for (const [key, flag] of Object.entries(definitions.flags)) {
    const length = JSON.stringify(flag, undefined, 2).length;
    if (length > left || parts.length === 0) {
      parts.push({});
      left = mostCharacters;
    }
    Object.assign(parts.at(-1) ?? {}, { [key]: flag });
    left -= length;
  }
  const { segments, ...rest } = definitions;
  const ofFlags = parts.map((flags) => ({ ...rest, flags }));
  return segments === undefined ? ofFlags : [{ ...rest, segments, flags: {} }, ...ofFlags];
}
