import { accept, type Definitions, keysIn, type Outcome, type Segment } from '@spillway/core';
import { createPace } from '../pacing/pace.ts';
import { gatherFingerprints } from '../segments/members/gather.ts';
import { EMPTY_LIST, importFingerprints, type MemberDeps, type MemberList } from '../segments/members/write.ts';

/**
 * What the lists that are defined come to. Their chunks are put into the store, plan or not: they are found by what they
 * hold, and mean nothing before a document names them.
 */
export async function listsOf(
  deps: MemberDeps,
  { segments }: Definitions,
  existing: ReadonlyMap<string, Segment>,
): Promise<Outcome<ReadonlyMap<string, MemberList>>> {
  const lists = new Map<string, MemberList>();
  for (const [key, defined] of Object.entries(segments)) {
    const keys = keysIn(defined);
    if (keys === undefined) continue;
    const incoming = await gatherFingerprints([keys], createPace(deps.clock));
    if (!incoming.ok) return incoming;
    const before = existing.get(key)?.members ?? EMPTY_LIST;
    const { list } = await importFingerprints(deps, before, incoming.value, 'replace');
    lists.set(key, list);
  }
  return accept(lists);
}
