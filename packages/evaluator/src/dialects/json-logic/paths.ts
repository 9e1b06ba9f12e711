import { broken } from '../../broken.ts';
import type { Json } from '../../json.ts';
import type { Frame } from './node.ts';

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** The fields of `a.b`; a backslash takes the meaning from a dot, a slash or itself. */
export function fieldsOf(path: string): readonly string[] {
  const fields: string[] = [];
  let current = '';
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at] ?? '';
    const next = path[at + 1] ?? '';
    if (character === '\\' && next !== '' && './\\'.includes(next)) {
      current += next;
      at += 1;
    } else if (character === '.') {
      fields.push(current);
      current = '';
    } else current += character;
  }
  if (fields.length !== path.length) fields.push(current);
  return fields;
}

/** For what a definition writes: names that every object has lead elsewhere in every language. */
export function checkedFieldsOf(path: string): readonly string[] {
  if (path.includes('../')) return broken('../ is not a part of flagd');
  const fields = fieldsOf(path);
  const odd = fields.find((field) => INHERITED.has(field));
  return odd === undefined ? fields : broken(`${odd} is a name that every object has`);
}

/** Undefined for what is not there. Lists and text have a length and places. */
export function fieldIn(value: unknown, field: string): unknown {
  if (typeof value === 'string') return field === 'length' ? value.length : indexed(value, field);
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? Reflect.get(value, field)
    : undefined;
}

function indexed(text: string, field: string): string | undefined {
  return /^(?:0|[1-9]\d*)$/.test(field) ? text[Number(field)] : undefined;
}

/** The first step of a path, which may lead to `$flagd`. */
export function rootField({ data, flagd }: Frame, field: string): unknown {
  return flagd !== undefined && field === '$flagd' ? flagd : fieldIn(data, field);
}

export function wholeOf({ data, flagd }: Frame): unknown {
  return flagd === undefined ? data : { ...(data as object), $flagd: flagd };
}

/** Reads a path that is only known when it is asked; `otherwise` for what is not there, though not for null. */
export function readPath(frame: Frame, path: unknown, otherwise: unknown): unknown {
  // An empty list is empty text.
  if (path === undefined || path === null || String(path) === '') return wholeOf(frame);
  const notFound = otherwise === undefined ? null : otherwise;
  const [first = '', ...fields] = fieldsOf(String(path));
  let value = rootField(frame, first);
  if (value === undefined) return notFound;
  for (const field of fields) {
    value = fieldIn(value, field);
    if (value === undefined) return notFound;
  }
  return value;
}

/** Those of the paths that lead nowhere. */
export function missingIn(frame: Frame, paths: readonly unknown[]): readonly unknown[] {
  return paths.filter((path) => {
    const [first = '', ...fields] = fieldsOf(String(path));
    let value = frame.data ? rootField(frame, first) : undefined;
    for (const field of fields) value = value ? fieldIn(value, field) : undefined;
    return value === undefined;
  });
}

/** What `var` is given that neither is the name of an attribute nor comes to one. */
export function isNoPath(path: Json | undefined): boolean {
  if (typeof path !== 'object' || path === null) return typeof path === 'boolean';
  return Array.isArray(path) || Object.keys(path).length === 0;
}

export function checkPaths(paths: readonly Json[]): void {
  for (const path of paths) {
    if (typeof path !== 'string' && typeof path !== 'number') broken('missing takes names of attributes');
    checkedFieldsOf(String(path));
  }
}
