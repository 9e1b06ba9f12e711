import { cannotCarry } from './report.ts';

/** Reading what another product wrote: a field of the wrong shape refuses the flag that has it. */
export type Source = Readonly<Record<string, unknown>>;

export function isSource(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function sourceOf(value: unknown, name: string): Source {
  return isSource(value) ? value : cannotCarry(`${name} is not an object`);
}

/** Left out or null is empty. */
export function sourcesOf(value: unknown, name: string): readonly Source[] {
  return listOf(value, name).map((item) => sourceOf(item, `an entry of ${name}`));
}

export function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : cannotCarry(`${name} is not a list`);
}

export function textsOf(value: unknown, name: string): readonly string[] {
  return listOf(value, name).map((item) => textOf(item, `an entry of ${name}`));
}

export function textOf(value: unknown, name: string): string {
  return typeof value === 'string' ? value : cannotCarry(`${name} is not text`);
}

export function numberOf(value: unknown, name: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : cannotCarry(`${name} is not a number`);
}

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether an SDK in JavaScript finds something by this name in any object, where other languages find nothing. */
export function isInherited(name: string): boolean {
  return INHERITED.has(name);
}
