import type { BodyLimits } from '@spillway/contract';
import { type FieldProblem, losesDigits, lostDigits, type Steps } from '@spillway/core';

/** Nesting beyond this is refused before anything is built from the text. */
export const MAX_DEPTH = 64;
/** What one body may hold in all: whoever checks it takes time for each value, and for objects and lists most. */
export const MAX_VALUES = 100_000;
export const MAX_CONTAINERS = 20_000;
/** Of one object. */
export const MAX_MEMBERS = 10_000;

export type Scan =
  | { readonly is: 'sound' }
  /** Not JSON; `line` and `column` count from 1. */
  | { readonly is: 'broken'; readonly line: number; readonly column: number; readonly message: string }
  /** JSON, but with something that two readers would understand differently. */
  | { readonly is: 'refused'; readonly problem: FieldProblem };

/** Takes about a millisecond. */
const VALUES_PER_STEP = 5_000;

const USUAL = { values: MAX_VALUES, containers: MAX_CONTAINERS } as const;

/**
 * Whether whole numbers must be kept to their last digit. People find out at once where one was not; an application asks with
 * what it has, and an attribute that no rule looks at is no reason to leave it without an answer.
 */
export type Numbers = 'exact' | 'nearest';

interface Frame {
  readonly kind: 'object' | 'array';
  readonly keys: Set<string>;
  /** The key or index being read. */
  at: string | number;
}

/** Stops the scan; caught in `scanJson` and nowhere else. */
class Stop {
  readonly scan: Scan;
  constructor(scan: Scan) {
    this.scan = scan;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold control characters.
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const LITERALS = ['true', 'false', 'null'] as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const [TAB, LINE_FEED, CARRIAGE_RETURN] = [0x09, 0x0a, 0x0d];

/**
 * Reads JSON text without building it, and without recursion, so that no text can exhaust the stack. Finds what
 * `JSON.parse` lets pass in silence: repeated keys, keys that reach a prototype, lone surrogates, endless nesting.
 */
export function scanJson(
  text: string,
  limits: Pick<BodyLimits, 'values' | 'containers'> = USUAL,
  numbers: Numbers = 'nearest',
): Scan {
  const scan = scanOn(new Scanner(text, limits, numbers), Number.POSITIVE_INFINITY);
  if (scan === undefined) throw new Error('a scan without a bound stopped before its end');
  return scan;
}

/** The same some values at a time. */
export function* scanningJson(
  text: string,
  limits: Pick<BodyLimits, 'values' | 'containers'>,
  numbers: Numbers,
): Steps<Scan> {
  const scanner = new Scanner(text, limits, numbers);
  for (;;) {
    const scan = scanOn(scanner, VALUES_PER_STEP);
    if (scan !== undefined) return scan;
    yield;
  }
}

/** Undefined when so many values were read and there is more. */
function scanOn(scanner: Scanner, values: number): Scan | undefined {
  try {
    return scanner.read(values) ? { is: 'sound' } : undefined;
  } catch (stop) {
    if (stop instanceof Stop) return stop.scan;
    throw stop;
  }
}

class Scanner {
  readonly #text: string;
  readonly #limits: Pick<BodyLimits, 'values' | 'containers'>;
  readonly #numbers: Numbers;
  #position = 0;
  /** Whether the value that was begun last is complete. */
  #complete = false;
  readonly #frames: Frame[] = [];
  #values = 0;
  #containers = 0;

  constructor(text: string, limits: Pick<BodyLimits, 'values' | 'containers'>, numbers: Numbers) {
    this.#text = text;
    this.#limits = limits;
    this.#numbers = numbers;
  }

  /** Reads on for at most so many values; whether that was all. */
  read(values: number): boolean {
    const until = this.#values + values;
    if (this.#values === 0) {
      this.#space();
      this.#complete = this.#value();
    }
    while (this.#values < until) {
      this.#space();
      const frame = this.#frames.at(-1);
      if (frame === undefined) return this.#end();
      this.#complete = this.#complete ? this.#after(frame) : this.#first(frame);
    }
    return false;
  }

  #end(): true {
    if (this.#position < this.#text.length) this.#broken('nothing may follow the value');
    return true;
  }

  /** Reads a value's start; true when the value is complete, false when it opened an object or array. */
  #value(): boolean {
    this.#values += 1;
    const { values } = this.#limits;
    if (this.#values > values) this.#refuse('', `holds more than ${values} values; send less at once`);
    const character = this.#text[this.#position];
    if (character === '{') return this.#open('object');
    if (character === '[') return this.#open('array');
    if (character === '"') {
      this.#string();
      return true;
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      if (!Number.isFinite(Number(number))) this.#refuse(this.#pointer(), 'is a number too large to represent');
      if (this.#numbers === 'exact' && losesDigits(number)) this.#refuse(this.#pointer(), lostDigits(number));
      return true;
    }
    for (const literal of LITERALS) {
      if (this.#text.startsWith(literal, this.#position)) {
        this.#position += literal.length;
        return true;
      }
    }
    this.#broken(character === undefined ? 'the text ends where a value should be' : 'expected a value');
  }

  #open(kind: Frame['kind']): false {
    if (this.#frames.length >= MAX_DEPTH) {
      this.#refuse(this.#pointer(), `is nested deeper than ${MAX_DEPTH} levels; send flatter data`);
    }
    this.#containers += 1;
    const { containers } = this.#limits;
    if (this.#containers > containers) {
      this.#refuse('', `holds more than ${containers} objects and lists; send less at once`);
    }
    this.#position += 1;
    this.#frames.push({ kind, keys: new Set(), at: 0 });
    return false;
  }

  /** Just after `{` or `[`. */
  #first(frame: Frame): boolean {
    if (this.#text[this.#position] === (frame.kind === 'object' ? '}' : ']')) return this.#close();
    return frame.kind === 'object' ? this.#member(frame) : this.#value();
  }

  /** Just after a complete element. */
  #after(frame: Frame): boolean {
    const character = this.#text[this.#position];
    if (character === (frame.kind === 'object' ? '}' : ']')) return this.#close();
    if (character !== ',') this.#broken(frame.kind === 'object' ? 'expected "," or "}"' : 'expected "," or "]"');
    this.#position += 1;
    this.#space();
    if (frame.kind === 'object') return this.#member(frame);
    if (typeof frame.at === 'number') frame.at += 1;
    return this.#value();
  }

  #close(): true {
    this.#position += 1;
    this.#frames.pop();
    return true;
  }

  #member(frame: Frame): boolean {
    if (this.#text[this.#position] !== '"') this.#broken('expected a key in double quotes');
    const key = this.#string();
    const parent = this.#frames.at(-2);
    frame.at = key;
    if (frame.keys.has(key)) this.#refuse(this.#pointer(), 'appears twice in the same object; keep one of them');
    if (key === '__proto__' || (key === 'prototype' && parent?.at === 'constructor')) {
      this.#refuse(this.#pointer(), 'is not allowed as a key');
    }
    frame.keys.add(key);
    if (frame.keys.size > MAX_MEMBERS) {
      this.#refuse(this.#pointer(this.#frames.slice(0, -1)), `has more than ${MAX_MEMBERS} members; send less at once`);
    }
    this.#space();
    if (this.#text[this.#position] !== ':') this.#broken('expected ":" after the key');
    this.#position += 1;
    this.#space();
    return this.#value();
  }

  #string(): string {
    const start = this.#position;
    const end = this.#plainEnd(start + 1);
    if (this.#text.charCodeAt(end) === QUOTE) {
      this.#position = end + 1;
      return this.#text.slice(start + 1, end);
    }
    const raw = this.#match(STRING);
    if (raw === undefined) {
      this.#position = start;
      this.#broken('a text does not end, or holds a control character or an unknown escape');
    }
    const value: unknown = JSON.parse(raw);
    if (typeof value !== 'string') throw new TypeError('a JSON string did not parse to a string');
    if (!value.isWellFormed()) this.#refuse(this.#pointer(), 'holds half of a surrogate pair, which is no character');
    return value;
  }

  /** Where a text stops being plain: at its closing quote, an escape, a control character or the end. */
  #plainEnd(from: number): number {
    let position = from;
    for (; position < this.#text.length; position++) {
      const code = this.#text.charCodeAt(position);
      if (code === QUOTE || code === BACKSLASH || code < BLANK) break;
    }
    return position;
  }

  #space(): void {
    for (; this.#position < this.#text.length; this.#position++) {
      const code = this.#text.charCodeAt(this.#position);
      if (code !== BLANK && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return;
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    if (!pattern.test(this.#text)) return undefined;
    const start = this.#position;
    this.#position = pattern.lastIndex;
    return this.#text.slice(start, this.#position);
  }

  #pointer(frames: readonly Frame[] = this.#frames): string {
    return frames.map(({ at }) => `/${escapePointer(String(at))}`).join('');
  }

  #refuse(field: string, message: string): never {
    throw new Stop({ is: 'refused', problem: { field, message } });
  }

  #broken(message: string): never {
    const before = this.#text.slice(0, this.#position);
    const line = before.split('\n').length;
    throw new Stop({ is: 'broken', line, column: before.length - before.lastIndexOf('\n'), message });
  }
}

/** One step of a JSON Pointer (RFC 6901). */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
