import type { Condition } from '@spillway/evaluator';
import { canonicalise } from '@spillway/evaluator/canonical';
import type { Flag } from '../flags/flag.ts';
import { pointer } from '../problems.ts';

export interface Unreachable {
  /** JSON Pointer into the flag. */
  readonly field: string;
  readonly message: string;
}

/** Rules that no context can ever get to. Nothing breaks by them, but somebody believes that they do something. */
export function unreachableIn(flag: Flag): readonly Unreachable[] {
  return Object.entries(flag.environments).flatMap(([environment, { rules }]) => {
    const base = pointer('/environments', environment, 'rules');
    const seen = new Map<string, string>();
    let everybody: string | undefined;
    return rules.flatMap(({ id, when }, index): readonly Unreachable[] => {
      const field = pointer(base, index);
      const same = seen.get(canonicalise(plain(when)));
      if (everybody !== undefined) {
        return [{ field, message: `is never reached: the rule ${everybody} above matches everybody` }];
      }
      if (same !== undefined) return [{ field, message: `is never reached: the rule ${same} above asks the same` }];
      seen.set(canonicalise(plain(when)), id);
      if (isAlways(when)) everybody = id;
      return isNever(when) ? [{ field, message: 'never matches: its condition holds for nobody' }] : [];
    });
  });
}

function plain(when: Condition) {
  return when as unknown as Parameters<typeof canonicalise>[0];
}

function isAlways(when: Condition): boolean {
  if ('all' in when) return when.all.every(isAlways);
  if ('any' in when) return when.any.some(isAlways);
  return 'not' in when && isNever(when.not);
}

function isNever(when: Condition): boolean {
  if ('any' in when) return when.any.every(isNever);
  if ('all' in when) return when.all.some(isNever);
  if ('not' in when) return isAlways(when.not);
  return 'operator' in when && when.operator === 'in' && when.values.length === 0;
}
