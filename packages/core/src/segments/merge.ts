/** What an import does with what it brings: it becomes the list, joins it, or leaves it. */
export const IMPORT_MODES = ['replace', 'add', 'remove'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

export interface Merged {
  readonly members: Float64Array;
  readonly added: number;
  readonly removed: number;
}

/** The members after an import; all lists are sorted, and `incoming` may repeat itself. */
export function mergeMembers(before: Float64Array, incoming: Float64Array, mode: ImportMode): Merged {
  const members = new Float64Array(before.length + incoming.length);
  let [length, added, removed, old, next] = [0, 0, 0, 0, 0];
  while (old < before.length || next < incoming.length) {
    const one = before[old] ?? Number.POSITIVE_INFINITY;
    const other = incoming[next] ?? Number.POSITIVE_INFINITY;
    const member = Math.min(one, other);
    const wasThere = one === member;
    const isNamed = other === member;
    const stays = mode === 'replace' ? isNamed : mode === 'add' ? true : !isNamed;
    if (stays) members[length++] = member;
    if (stays && !wasThere) added += 1;
    if (!stays && wasThere) removed += 1;
    if (wasThere) old += 1;
    while (incoming[next] === member) next += 1;
  }
  return { members: members.subarray(0, length), added, removed };
}
