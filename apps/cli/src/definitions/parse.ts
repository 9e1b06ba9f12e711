import { losesDigits, lostDigits, numbersThatLoseDigits } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import type { Finding, Place, Rule } from './finding.ts';
import { hasRepeatedMembers } from './repeated-members.ts';

/** One document of a file as plain data, with the way back from a JSON Pointer to its place. */
export interface ParsedDocument {
  readonly value: Json;
  /** Of a field, or of the nearest parent there is when the field is missing. */
  placeOf(pointer: string): Place;
}

export interface Parsed {
  readonly documents: readonly ParsedDocument[];
  readonly findings: readonly Finding[];
}

/** Deeper than anything the format has; what comes from outside may nest as deep as it likes. */
export const MAX_DEPTH = 64;
/** Values in one document, those an alias repeats included: a few lines of aliases can stand for billions. */
export const MAX_VALUES = 1_000_000;
const MAX_DOCUMENTS = 1_000;

/** Reads YAML, of which JSON is a part; several documents are parted by `---`. */
export function parseText(file: string, text: string): Parsed {
  if (!/^\s*[{[]/.test(text)) return parseYaml(file, text);
  // Tabs may indent JSON, but not YAML; they stand in no JSON text, and a space is as wide.
  return parseJson(file, text) ?? parseYaml(file, text.replaceAll('\t', ' '));
}

/**
 * JSON without mistakes, which is most of it, is read by the platform: the positions are worked out when they are asked
 * for. Undefined for all else.
 */
function parseJson(file: string, text: string): Parsed | undefined {
  try {
    const value = JSON.parse(text) as Json;
    if (hasRepeatedMembers(text, value) || isSuspect(value) || numbersThatLoseDigits(text).length > 0) return undefined;
    let slow: Parsed | undefined;
    const placeOf = (pointer: string): Place => {
      slow ??= parseYaml(file, text.replaceAll('\t', ' '));
      return slow.documents[0]?.placeOf(pointer) ?? { file, line: 1, column: 1 };
    };
    return { documents: [{ value, placeOf }], findings: [] };
  } catch {
    return undefined;
  }
}

/** Too deep, or with a member that would be taken for a prototype. */
function isSuspect(value: Json): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const below: Json[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      if (Object.hasOwn(one, '__proto__')) return true;
      for (const inner of Object.values(one)) if (typeof inner === 'object' && inner !== null) below.push(inner);
    }
    level = below;
  }
  return false;
}

function parseYaml(file: string, text: string): Parsed {
  const lines = new LineCounter();
  const documents: ParsedDocument[] = [];
  const findings: Finding[] = [];
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const report = (rule: Rule, offset: number, field: string, message: string) => {
    findings.push({ severity: 'error', rule, place: placeAt(offset), field, message });
  };
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const given = 'empty' in parsed ? [] : parsed;
  if (given.length > MAX_DOCUMENTS) {
    report('syntax', 0, '', `holds ${given.length} documents; ${MAX_DOCUMENTS} are the most, split the file`);
    return { documents, findings };
  }
  for (const document of given) {
    const [error] = document.errors;
    if (error !== undefined) {
      report(
        error.code === 'DUPLICATE_KEY' ? 'duplicate' : 'syntax',
        error.pos[0],
        '',
        sentence(error.code, error.message),
      );
      continue;
    }
    const read = toPlain(document);
    if (!read.ok) report('syntax', read.offset, read.field, read.message);
    // A file that ends in `---` has an empty document at its end.
    else if (read.value !== null)
      documents.push({ value: read.value, placeOf: (pointer) => placeAt(offsetOf(document, pointer)) });
  }
  return { documents, findings };
}

/** In the words of this project where the library's say less about the remedy. */
function sentence(code: string, message: string): string {
  if (/call stack/i.test(message)) return `nests deeper than ${MAX_DEPTH} levels; write flatter data`;
  if (code === 'DUPLICATE_KEY') return 'is a key that this map has already; keep one of them';
  if (code === 'TAB_AS_INDENT') return 'is indented with a tab; YAML is indented with spaces';
  return `cannot be read: ${message}`;
}

type Plain =
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
function toPlain(document: Document): Plain {
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
      'merges with `<<`, which this format does not have; use all_environments, or an alias',
    );
  }
  if (name === '__proto__') throw new Unusable(at, field, 'has the key __proto__, which is not allowed');
  return name;
}

/** A number or a word such as `true` is a good key too, as it was written. */
function textOf({ value, source }: Scalar): string | undefined {
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

/** Where the field stands; that of a member is its key, so that what is missing inside is shown at its parent's name. */
function offsetOf(document: Document, pointer: string): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && textOf(key) === name);
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(name)];
      if (item === undefined) break;
      offset = startOf(item) ?? offset;
      node = item;
    } else break;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  return typeof node.range[0] === 'number' ? node.range[0] : undefined;
}
