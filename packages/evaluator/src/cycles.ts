/** Whether something comes to itself through what it refers to. */
export function isInCycle(key: string, referencesIn: (key: string) => readonly string[]): boolean {
  const pending = [...referencesIn(key)];
  const seen = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === key) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...referencesIn(next));
  }
  return false;
}
