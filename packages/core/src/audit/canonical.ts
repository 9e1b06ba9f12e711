import type { Json } from '@spillway/evaluator';

/** Deeper values are refused: the call stack is not the caller's to spend. */
export const MAX_CANONICAL_DEPTH = 200;

/**
 * The one text of a JSON value (RFC 8785): equal values give equal texts, whatever order their keys came in.
 * Throws `TypeError` naming the place for what RFC 8785 has no text for: numbers that are not finite, halves of
 * surrogate pairs, `undefined`, and objects that are more than plain data.
 */
export function canonicalise(value: Json): string {
  return write(value, '', 0);
}

// RFC 8785 §3.2.2.2 and §3.2.2.3 take strings and numbers from ECMAScript itself, so JSON.stringify writes them.
function write(value: unknown, place: string, depth: number): string {
  if (depth > MAX_CANONICAL_DEPTH) throw unwritable(place, `nests deeper than ${MAX_CANONICAL_DEPTH}`);
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw unwritable(place, 'is not a finite number');
      return JSON.stringify(value);
    case 'string':
      return writeText(value, place);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, place, depth) : writeObject(value, place, depth);
    default:
      throw unwritable(place, `is ${typeof value}, which JSON has no text for`);
  }
}

function writeText(text: string, place: string): string {
  if (!text.isWellFormed()) throw unwritable(place, 'holds half of a surrogate pair');
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], place: string, depth: number): string {
  // Array.from visits holes too, so that a sparse array is refused instead of shrinking.
  const texts = Array.from(items, (item, index) => write(item, `${place}/${index}`, depth + 1));
  return `[${texts.join(',')}]`;
}

function writeObject(record: object, place: string, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(record);
  if (prototype !== Object.prototype && prototype !== null) throw unwritable(place, 'is not plain data');
  // `<` compares UTF-16 code units, which is the order RFC 8785 §3.2.3 asks for; a locale-aware comparison would not be.
  const members = Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
  const texts = members.map(([name, inner]) => {
    const inside = `${place}/${name}`;
    return `${writeText(name, inside)}:${write(inner, inside, depth + 1)}`;
  });
  return `{${texts.join(',')}}`;
}

function unwritable(place: string, why: string): TypeError {
  return new TypeError(`No canonical form: ${place === '' ? 'the value' : place} ${why}.`);
}
