import type { FieldProblem, Outcome } from './refusal.ts';
import { accept, refuse } from './refusal.ts';

/** More than this many problems in one request help nobody; the rest is left out. */
export const MAX_PROBLEMS = 50;

/** Gathers everything that is wrong with one request, so that it can be mended in one go. */
export interface Problems {
  report(field: string, message: string): void;
  readonly found: readonly FieldProblem[];
}

export function collectProblems(): Problems {
  const found: FieldProblem[] = [];
  return {
    found,
    report(field, message) {
      if (found.length < MAX_PROBLEMS) found.push({ field, message });
    },
  };
}

/** `value` when nothing was found; otherwise a refusal that says the first problem in its message and all in `fields`. */
export function acceptUnless<T>(problems: Problems, what: string, value: T): Outcome<T> {
  const [first] = problems.found;
  return first === undefined ? accept(value) : refuseProblems(problems.found, first, what);
}

/** The refusal for what was found, `first` of it said in the message. */
export function refuseProblems(found: readonly FieldProblem[], first: FieldProblem, what: string) {
  const others = found.slice(1);
  const where = first.field === '' ? '' : ` ${first.field}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more, see errors)`;
  return refuse('invalid', `${what} cannot be accepted:${where} ${first.message}${more}.`, { fields: found });
}

/** JSON Pointer (RFC 6901): `pointer('/rules', 0)` is `/rules/0`. */
export function pointer(base: string, ...segments: readonly (string | number)[]): string {
  return base + segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** "a, b and 3 more": lists what there is without flooding the message. */
export function enumerate(names: Iterable<string>, most = 10): string {
  const all = [...names];
  const shown = all.slice(0, most).join(', ');
  if (all.length === 0) return 'none';
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}
