import { canonicalise } from '../canonical.ts';
import type { Json } from '../json.ts';
import type { Snapshot } from '../snapshot.ts';
import { DefinitionDigests, type Sha256 } from './definition-digests.ts';

export { DefinitionDigests, type Sha256 } from './definition-digests.ts';

/** Says what is signed, so that a signature of something else under the same key is none of a snapshot. */
const TAG = 'spillway.snapshot-signature/1';

export type SnapshotMessage = (snapshot: Snapshot) => string;

/**
 * What is signed of a snapshot: the tag, a line feed, and the SHA-256 of its canonical form (RFC 8785) without `signature`, in
 * which a digest stands for each flag and each segment. It covers every other field, those of later versions too, and is the
 * same however the snapshot came about: whole, by changes, from a disk. Throws `TypeError` for what has no canonical form.
 *
 * Remembers the digests of the snapshot before. Segments may be the same in several environments: pass theirs for all.
 */
export function createSnapshotMessage(sha256: Sha256, segmentDigests = new DefinitionDigests(sha256)): SnapshotMessage {
  const flagDigests = new DefinitionDigests(sha256);
  return ({ signature: _, flags, segments, ...frame }) => {
    const members = Object.entries(frame).map(([name, value]): [string, string] => [name, canonicalise(value as Json)]);
    members.push(['flags', flagDigests.write(flags)], ['segments', segmentDigests.write(segments)]);
    members.sort(([one], [other]) => (one < other ? -1 : 1));
    const text = members.map(([name, value]) => `${canonicalise(name)}:${value}`).join(',');
    return `${TAG}\n${sha256(`{${text}}`)}`;
  };
}
