import { numbersThatLoseDigits } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { MAX_DEPTH, mistakeText, textOf, toPlain } from '../files/plain-document.ts';
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
      report(error.code === 'DUPLICATE_KEY' ? 'duplicate' : 'syntax', error.pos[0], '', mistakeText(error));
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
