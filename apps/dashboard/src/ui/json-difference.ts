import type { Json } from '@spillway/evaluator';

export interface JsonChange {
  /** `environments.production.rules[0].serve`. */
  readonly path: string;
  /** Absent: it did not exist. */
  readonly before?: Json;
  /** Absent: it is gone. */
  readonly after?: Json;
}

/** Deep equality of JSON; the order of an object's members does not matter. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  const names = Object.keys(a).filter((name) => a[name] !== undefined);
  const others = Object.keys(b).filter((name) => b[name] !== undefined);
  return names.length === others.length && names.every((name) => sameJson(a[name], b[name]));
}

/** The smallest set of places at which two values differ, in the order they are written. */
export function jsonDifference(before: Json | undefined, after: Json | undefined, path = ''): readonly JsonChange[] {
  if (sameJson(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      jsonDifference(before[name], after[name], path === '' ? name : `${path}.${name}`),
    );
  }
  if (isList(before) && isList(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      jsonDifference(before[index], after[index], `${path}[${index}]`),
    );
  }
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
