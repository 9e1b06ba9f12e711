import type { Condition } from '@spillway/evaluator';
import { percentWords } from '../../ui/percent-words.ts';

interface Reach {
  readonly matches: number;
  readonly decides: number;
}

/** "Matches 312 of the last 1,000 contexts (31 %); targets and rules above decide for 12 of them." */
export function reachWords({ matches, decides }: Reach, contexts: number): string {
  const count = (number: number) => number.toLocaleString('en');
  const share = percentWords((matches / contexts) * 100);
  const whole = `Matches ${count(matches)} of the last ${count(contexts)} contexts (${share})`;
  const taken = matches - decides;
  if (taken === 0) return `${whole}.`;
  if (decides === 0) return `${whole}, but targets and rules above decide for all of them.`;
  return `${whole}; targets and rules above decide for ${count(taken)} of them.`;
}

/** Whether a condition looks at the targeting key, which hashed contexts no longer have. */
export function asksForKeys(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(asksForKeys);
  if ('any' in condition) return condition.any.some(asksForKeys);
  if ('not' in condition) return asksForKeys(condition.not);
  return 'attribute' in condition && condition.attribute === 'targetingKey';
}
