import type { Json } from '@spillway/evaluator';
import { type Problems, pointer } from './problems.ts';

export const MAX_JSON_DEPTH = 32;
export const MAX_JSON_NODES = 10_000;
export const MAX_TEXT_LENGTH = 65_536;

/** Keys that some JSON readers turn into prototypes. */
const MAGIC_KEYS: ReadonlySet<string> = new Set(['__proto__']);

/** Reports what cannot travel as JSON text everywhere: too deep, too big, not finite, not well-formed Unicode, magic keys. */
export function checkJson(value: Json, field: string, problems: Problems): void {
  let nodes = 0;
  // A list of what is still to be seen instead of recursion: depth is an attacker's choice, the call stack is not ours to lose.
  const ahead: { value: unknown; field: string; depth: number }[] = [{ value, field, depth: 0 }];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    nodes += 1;
    if (nodes > MAX_JSON_NODES) {
      problems.report(field, `must hold at most ${MAX_JSON_NODES} values`);
      return;
    }
    if (next.depth > MAX_JSON_DEPTH) {
      problems.report(field, `must nest at most ${MAX_JSON_DEPTH} deep`);
      return;
    }
    const problem = problemOf(next.value);
    if (problem !== undefined) {
      problems.report(next.field, problem);
      return;
    }
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const [name, inner] of Object.entries(next.value)) {
      if (MAGIC_KEYS.has(name)) {
        problems.report(pointer(next.field, name), 'is not allowed as a name');
        return;
      }
      if (!name.isWellFormed()) {
        problems.report(next.field, 'must have names of well-formed Unicode');
        return;
      }
      ahead.push({ value: inner, field: pointer(next.field, name), depth: next.depth + 1 });
    }
  }
}

function problemOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) return 'must be well-formed Unicode (it holds half of a surrogate pair)';
    if (value.length > MAX_TEXT_LENGTH) return `must be at most ${MAX_TEXT_LENGTH} characters long`;
    return undefined;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'must be a finite number';
  if (value === null || typeof value === 'boolean' || typeof value === 'object') return undefined;
  return 'must be a JSON value';
}
