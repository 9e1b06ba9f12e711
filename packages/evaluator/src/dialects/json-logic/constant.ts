import type { Json } from '../../json.ts';
import { operationOf } from './node.ts';

/** Operations that have one result for one set of operands, whatever the context. */
const STEADY: ReadonlySet<string> = new Set([
  ...['in', 'substr', 'merge', 'max', 'min', '+', '-', '*', '/', '%', '!', '!!', 'cat', 'if', '?:', 'and', 'or'],
  ...['<', '<=', '>', '>=', '==', '!=', '===', '!=='],
]);
export const ITERATIONS: ReadonlySet<string> = new Set(['some', 'all', 'none', 'map', 'filter', 'reduce']);

/** Whether flagd's engine works an expression out when it reads it; inside an iteration, its elements are known too. */
export function isConstant(logic: Json | undefined, isInside = false): boolean {
  if (Array.isArray(logic)) return logic.every((part) => isConstant(part, isInside));
  const operation = operationOf(logic);
  if (operation === undefined) return true;
  const { name, input } = operation;
  if (ITERATIONS.has(name)) {
    const [list, part] = Array.isArray(input) ? input : [];
    return isConstant(list, isInside) && isConstant(part, true);
  }
  if (name === 'missing') return Array.isArray(input) && input.length === 0;
  return name === 'var' ? isInside : STEADY.has(name) && isConstant(input, isInside);
}
