import { type AttributePath, formatAttribute, parseAttribute } from '@spillway/core/wording';

export { type AttributePath, formatAttribute, parseAttribute };

const ARROW = /→|->/;

/** Whether the form can show it: a name with an arrow or outer spaces in it would read back as another place. */
export function isWritable(place: AttributePath): boolean {
  const read = parseAttribute(formatAttribute(place));
  const names = [place.attribute, ...(place.path ?? [])];
  const again = read === undefined ? [] : [read.attribute, ...(read.path ?? [])];
  return names.length === again.length && names.every((name, index) => name === again[index]);
}

/** `organisation.plan`, typed as one name, as the path that was probably meant. */
export function pathInstead(text: string): string | undefined {
  const parts = text.trim().split('.');
  return parts.length > 1 && !parts.includes('') && !ARROW.test(text)
    ? formatAttribute({ attribute: parts[0] ?? '', path: parts.slice(1) })
    : undefined;
}
