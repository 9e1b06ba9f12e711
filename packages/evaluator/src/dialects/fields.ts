import { broken } from '../broken.ts';
import type { Json } from '../json.ts';

export function textOf(value: Json | undefined, name: string): string {
  return typeof value === 'string' ? value : broken(`${name} must be text`);
}

export function numberOf(value: Json | undefined, name: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : broken(`${name} must be a number`);
}

export function listOf(value: Json | undefined, name: string): readonly Json[] {
  return Array.isArray(value) ? value : broken(`${name} must be a list`);
}

export function textsOf(value: Json | undefined, name: string): readonly string[] {
  return listOf(value, name).map((item) => textOf(item, name));
}

/** A field that the object itself has. */
export function ownField(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? Reflect.get(value, field)
    : undefined;
}
