import type { Json } from '@spillway/evaluator';
import { own } from '../own.ts';
import { collectProblems, enumerate, type Problems, pointer } from '../problems.ts';
import { KEYWORDS } from './keywords.ts';

/** Schemas in all, counting one that is referred to wherever it is: what trying them on one value may cost. */
export const MAX_SCHEMAS = 1_000;
const MAX_DEPTH = 32;
const REFERENCE = /^#\/\$defs\/([^/]+)$/;

export type JsonRecord = { readonly [name: string]: Json };

export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema that `$ref` names, kept among the definitions at the root; undefined when there is none. */
export function referred(root: JsonRecord, reference: Json): Json | undefined {
  const [, name] = (typeof reference === 'string' ? REFERENCE.exec(reference) : null) ?? [];
  const definitions = own(root, '$defs');
  if (name === undefined || !isRecord(definitions)) return undefined;
  return own(definitions, name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Reports what is no value schema, or would be endless or costly to try on a value. */
export function checkSchema(root: JsonRecord, field: string, problems: Problems): void {
  const before = problems.found.length;
  checkForm(root, root, field, problems, 1);
  if (problems.found.length > before) return;
  const weight = weigh(root, root, new Set());
  if (weight === undefined) problems.report(field, 'must not refer to itself: a value is only so deep');
  else if (weight > MAX_SCHEMAS) {
    problems.report(field, `comes to more than ${MAX_SCHEMAS} schemas, references written out; make it smaller`);
  }
}

export function isUsableSchema(root: JsonRecord): boolean {
  const problems = collectProblems();
  checkSchema(root, '', problems);
  return problems.found.length === 0;
}

function checkForm(schema: Json, root: JsonRecord, field: string, problems: Problems, depth: number): void {
  if (typeof schema === 'boolean') return;
  if (!isRecord(schema)) {
    problems.report(field, 'must be a schema: an object, or true or false');
    return;
  }
  if (depth > MAX_DEPTH) {
    problems.report(field, `must nest at most ${MAX_DEPTH} deep`);
    return;
  }
  for (const [name, held] of Object.entries(schema)) {
    const where = pointer(field, name);
    const keyword = KEYWORDS.get(name);
    if (keyword === undefined) {
      problems.report(where, `is not supported; supported are ${enumerate(KEYWORDS.keys(), KEYWORDS.size)}`);
    } else if (keyword.holds === 'value') {
      const problem = keyword.problem(held);
      if (problem !== undefined) problems.report(where, problem);
    } else if (keyword.holds === 'reference') {
      if (referred(root, held) === undefined) {
        problems.report(where, 'must name a schema in $defs at the top, such as "#/$defs/size"');
      }
    } else if (keyword.holds === 'schema') {
      checkForm(held, root, where, problems, depth + 1);
    } else {
      const isList = keyword.holds === 'list of schemas';
      if (isList ? !Array.isArray(held) || held.length === 0 : !isRecord(held)) {
        problems.report(where, isList ? 'must be a list of schemas' : 'must be an object of schemas by name');
        continue;
      }
      for (const [part, inner] of Object.entries(held ?? {})) {
        checkForm(inner, root, pointer(where, part), problems, depth + 1);
      }
    }
  }
}

/** How many schemas there are with references written out, no further than is too many; undefined when that is endless. */
function weigh(schema: Json, root: JsonRecord, within: Set<Json>): number | undefined {
  if (!isRecord(schema)) return 1;
  if (within.has(schema)) return undefined;
  within.add(schema);
  let weight = 1;
  for (const inner of partsOf(schema, root)) {
    const more = weigh(inner, root, within);
    if (more === undefined) return undefined;
    weight += more;
    if (weight > MAX_SCHEMAS) break;
  }
  within.delete(schema);
  return weight;
}

function partsOf(schema: JsonRecord, root: JsonRecord): readonly Json[] {
  return Object.entries(schema).flatMap(([name, held]): readonly Json[] => {
    const holds = KEYWORDS.get(name)?.holds ?? 'value';
    if (holds === 'value' || name === '$defs') return [];
    if (holds === 'reference') return [referred(root, held) ?? true];
    return holds === 'schema' ? [held] : Object.values(held ?? {});
  });
}
