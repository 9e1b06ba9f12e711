/** The shortest way along links from one key to another, both included; undefined when there is none. */
export function pathBetween(
  from: string,
  to: string,
  next: (key: string) => readonly string[],
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const at of cameFrom.keys()) {
    if (at === to) return walkBack(at, cameFrom);
    for (const one of next(at)) if (!cameFrom.has(one)) cameFrom.set(one, at);
  }
  return undefined;
}

function walkBack(end: string, cameFrom: ReadonlyMap<string, string | undefined>): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}
