import { eachLeaf } from '../conditions/leaves.ts';
import type { Condition, Prerequisite } from '../snapshot.ts';

/** A flag's state, as far as it can ask others. */
export interface Asking {
  readonly prerequisites?: readonly Prerequisite[];
  readonly rules: readonly { readonly when: Condition }[];
}

/** The flags that a flag asks, before its rules and in them, each as often as it does. */
export function flagsAskedBy({ prerequisites = [], rules }: Asking): string[] {
  const found = prerequisites.map(({ flag }) => flag);
  for (const { when } of rules) {
    eachLeaf(when, (leaf) => {
      if (!('segment' in leaf) && 'flag' in leaf) found.push(leaf.flag);
    });
  }
  return found;
}
