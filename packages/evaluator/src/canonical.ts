import type { Json } from './json.ts';

/** Deeper values are refused: the call stack is not the caller's to spend. */
export const MAX_CANONICAL_DEPTH = 200;

/**
 * The one text of a JSON value (RFC 8785): equal values give equal texts, whatever order their keys came in.
 * Throws `TypeError` naming the place for what RFC 8785 has no text for: numbers that are not finite, halves of
 * surrogate pairs, `undefined`, and objects that are more than plain data.
 */
export function canonicalise(value: Json): string {
  try {
    return write(value, 0);
  } catch (fault) {
    throw fault instanceof Unwritable ? fault.named() : fault;
  }
}

/** Whether both are the same JSON, whatever the order of members; what is left out is only like itself. */
export function isSameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalise(one) === canonicalise(other);
}

/** What has no text. Where it stands is put together on the way out, so that what has one does not pay for it. */
class Unwritable extends Error {
  readonly #steps: (string | number)[] = [];

  inside(step: string | number): this {
    this.#steps.push(step);
    return this;
  }

  named(): TypeError {
    const place = this.#steps.reverse().map((step) => `/${step}`);
    return new TypeError(`No canonical form: ${place.join('') || 'the value'} ${this.message}.`);
  }
}

// RFC 8785 §3.2.2.2 and §3.2.2.3 take strings and numbers from ECMAScript itself, so JSON.stringify writes them.
function write(value: unknown, depth: number): string {
  if (depth > MAX_CANONICAL_DEPTH) throw new Unwritable(`nests deeper than ${MAX_CANONICAL_DEPTH}`);
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new Unwritable('is not a finite number');
      return JSON.stringify(value);
    case 'string':
      return writeText(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth);
    default:
      throw new Unwritable(`is ${typeof value}, which JSON has no text for`);
  }
}

function writeText(text: string): string {
  if (!text.isWellFormed()) throw new Unwritable('holds half of a surrogate pair');
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = '[';
  // By index, which visits holes too, so that a sparse array is refused instead of shrinking.
  for (let index = 0; index < items.length; index += 1) {
    text += `${index === 0 ? '' : ','}${writeInside(items[index], index, depth)}`;
  }
  return `${text}]`;
}

function writeObject(record: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(record);
  if (prototype !== Object.prototype && prototype !== null) throw new Unwritable('is not plain data');
  // The default order is that of UTF-16 code units, which RFC 8785 §3.2.3 asks for; a locale-aware one would not be.
  const names = Object.keys(record).sort();
  let text = '{';
  for (const [index, name] of names.entries()) {
    text += `${index === 0 ? '' : ','}${writeName(name)}:${writeInside(Reflect.get(record, name), name, depth)}`;
  }
  return `${text}}`;
}

function writeName(name: string): string {
  try {
    return writeText(name);
  } catch (fault) {
    throw fault instanceof Unwritable ? fault.inside(name) : fault;
  }
}

function writeInside(value: unknown, step: string | number, depth: number): string {
  try {
    return write(value, depth + 1);
  } catch (fault) {
    throw fault instanceof Unwritable ? fault.inside(step) : fault;
  }
}
