import type { BoundFlag, Configuration } from './configuration.ts';

/** The keys of flags that were added, removed or may answer differently: their definition, segments or kill switch changed. */
export function changedFlags(before: Configuration | undefined, after: Configuration): readonly string[] {
  const changed: string[] = [];
  for (const [key, flag] of after.flags) if (!answersAlike(before?.flags.get(key), flag)) changed.push(key);
  for (const key of before?.flags.keys() ?? []) if (!after.flags.has(key)) changed.push(key);
  return changed;
}

function answersAlike(before: BoundFlag | undefined, after: BoundFlag): boolean {
  return before !== undefined && before.form === after.form && before.killSwitch === after.killSwitch;
}
