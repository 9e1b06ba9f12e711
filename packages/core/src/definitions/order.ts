import { segmentReferences } from '../segments/references.ts';
import type { Segment } from '../segments/segment.ts';
import { flagsNeededBy } from './needs.ts';
import type { PlannedChange } from './plan.ts';

/**
 * The changes in an order in which they can be seen one by one: nothing names what is not there yet, or is gone already.
 * Whoever follows the log sees them like that; a flag whose requirement is missing is off, and a missing segment holds nobody.
 */
export function inOrderOfNeed(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const coming = changes.filter((change) => !isGoing(change));
  const going = changes.filter(isGoing);
  return [
    ...neededFirst(coming.filter(({ noun }) => noun === 'segments')),
    ...neededFirst(coming.filter(({ noun }) => noun === 'flags')),
    ...neededFirst(going.filter(({ noun }) => noun === 'flags')).toReversed(),
    ...neededFirst(going.filter(({ noun }) => noun === 'segments')).toReversed(),
  ];
}

function isGoing({ action }: PlannedChange): boolean {
  return action === 'archive' || action === 'delete';
}

/** Of one noun. */
function neededFirst(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const waiting = new Map(changes.map((change) => [change.key, change]));
  const entered = new Set<string>();
  const ordered: PlannedChange[] = [];
  const ahead = changes.map(({ key }) => key).reverse();
  for (let key = ahead.at(-1); key !== undefined; key = ahead.at(-1)) {
    const change = waiting.get(key);
    if (change !== undefined && !entered.has(key)) {
      entered.add(key);
      ahead.push(...needsOf(change).filter((need) => !entered.has(need) && waiting.has(need)));
      continue;
    }
    ahead.pop();
    if (change === undefined) continue;
    waiting.delete(key);
    ordered.push(change);
  }
  return ordered;
}

function needsOf(change: PlannedChange): readonly string[] {
  if (change.noun === 'segments') {
    const segment: Segment | undefined = change.after ?? change.before;
    return segment === undefined ? [] : segmentReferences(segment).map(({ segment: named }) => named);
  }
  return flagsNeededBy(change.after);
}
