import { losesDigits, lostDigits } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLParseError,
} from 'yaml';

/** Deeper than anything the formats have; what comes from outside may nest as deep as it likes. */
export const MAX_DEPTH = 64;
/** Values in one document, those an alias repeats included: a few lines of aliases can stand for billions. */
export const MAX_VALUES = 1_000_000;

/** In the words of this project where the library's say less about the remedy. */
export function mistakeText({ code, message }: Pick<YAMLParseError, 'code' | 'message'>): string {
  if (/call stack/i.test(message)) return `nests deeper than ${MAX_DEPTH} levels; write flatter data`;
  if (code === 'DUPLICATE_KEY') return 'is a key that this map has already; keep one of them';
  if (code === 'TAB_AS_INDENT') return 'is indented with a tab; YAML is indented with spaces';
  const [, close] = /^Flow (?:map|sequence) .*end with a (.)$/.exec(message) ?? [];
  if (close !== undefined) return `ends before the ${close} that closes what was opened, or is not indented enough`;
  return `cannot be read: ${message}`;
}

/** Or what is wrong, where: as a JSON Pointer, and in characters from the start of the text. */
export type Plain =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly offset: number; readonly field: string; readonly message: string };

class Unusable extends Error {
  readonly offset: number;
  readonly field: string;
  constructor(node: Node | null, field: string, message: string) {
    super(message);
    this.offset = node?.range?.[0] ?? 0;
    this.field = field;
  }
}

/** The document as JSON would have it: text keys, no cycles, nothing that only YAML can say. */
export function toPlain(document: Document): Plain {
  let values = 0;
  const anchored = new Map<string, Node>();
  function plain(node: unknown, at: Node | null, field: string, depth: number): Json {
    values += 1;
    if (values > MAX_VALUES)
      throw new Unusable(at, field, 'holds too many values, aliases written out; write it shorter');
    if (depth > MAX_DEPTH) throw new Unusable(at, field, `nests deeper than ${MAX_DEPTH} levels; write flatter data`);
    if (isAlias(node)) {
      const source = anchored.get(node.source);
      if (source === undefined) throw new Unusable(node, field, `names the unknown anchor ${node.source}`);
      return plain(source, node, field, depth + 1);
    }
    if (isNode(node) && 'anchor' in node && node.anchor !== undefined) anchored.set(node.anchor, node);
    if (isMap(node)) {
      const members: [string, Json][] = [];
      for (const { key, value } of node.items) {
        const name = nameOf(key, node, field);
        const inside = `${field}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        members.push([name, plain(value, (value ?? key) as Node | null, inside, depth + 1)]);
      }
      return Object.fromEntries(members);
    }
    if (isSeq(node)) return node.items.map((item, index) => plain(item, node, `${field}/${index}`, depth + 1));
    if (isScalar(node)) return scalar(node, field);
    return null;
  }
  try {
    return { ok: true, value: plain(document.contents, document.contents, '', 0) };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return { ok: false, offset: error.offset, field: error.field, message: error.message };
  }
}

function nameOf(key: unknown, map: Node, field: string): string {
  const name = isScalar(key) ? textOf(key) : undefined;
  const at = isNode(key) ? key : map;
  if (name === undefined) throw new Unusable(at, field, 'has a key that is not text');
  // In quotes it is a key like any other.
  if (name === '<<' && isScalar(key) && key.type === 'PLAIN') {
    throw new Unusable(
      at,
      field,
      'merges with `<<`, which is not read here; use an alias, or all_environments in definitions',
    );
  }
  if (name === '__proto__') throw new Unusable(at, field, 'has the key __proto__, which is not allowed');
  return name;
}

/** A number or a word such as `true` is a good key too, as it was written. */
export function textOf({ value, source }: Scalar): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? (source ?? String(value)) : undefined;
}

function scalar(node: Scalar, field: string): Json {
  const { value, source = '' } = node;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && losesDigits(source)) throw new Unusable(node, field, lostDigits(source));
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Unusable(node, field, 'is neither text, a finite number, true, false nor null');
}
