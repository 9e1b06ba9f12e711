import {
  accept,
  checkReason,
  chunkOf,
  type ImportMode,
  isUsed,
  MAX_MEMBERS,
  memberKeyProblem,
  type Outcome,
  refuse,
  type Segment,
} from '@spillway/core';
import { fingerprintOf } from '@spillway/evaluator';
import type { Call, Versioned } from '../../call.ts';
import { answered } from '../../documents/answered.ts';
import type { Decision } from '../../documents/changes.ts';
import { createPace, type Pace } from '../../pacing/pace.ts';
import type { Sha256 } from '../../ports/index.ts';
import { dependentsOf } from '../dependents.ts';
import { findSegment, type SegmentDeps } from '../find.ts';
import type { MemberImport, SegmentUseCases } from '../use-cases.ts';
import { gatherFingerprints } from './gather.ts';
import { blocksOf } from './partition.ts';
import { createRangeReader } from './shelf.ts';
import { type ImportedMembers, importFingerprints } from './write.ts';

export interface ImportDeps extends SegmentDeps {
  readonly sha256: Sha256;
}

const NOBODY = new Float64Array();

export function createMemberUseCases(deps: ImportDeps): Pick<SegmentUseCases, 'importMembers' | 'checkMembers'> {
  const { store, project, changes, environments } = deps;

  async function findList(key: string): Promise<Outcome<Versioned<Segment>>> {
    const segment = await findSegment(deps, key);
    return segment.ok && segment.value.members === undefined ? noList(segment.value) : segment;
  }

  /** Asked before the upload is read, so that nobody sends a million rows to be told then. */
  async function mayImport(call: Call, key: string): Promise<Outcome<void>> {
    const segment = await findList(key);
    if (!segment.ok) return segment;
    const used = isUsed(await dependentsOf(deps, key));
    return used ? checkReason(environments.all(), call.reason) : accept(undefined);
  }

  async function decide(
    segment: Versioned<Segment> | undefined,
    key: string,
    mode: ImportMode,
    incoming: Float64Array,
  ): Promise<Outcome<{ readonly decision: Decision<Segment>; readonly imported: ImportedMembers }>> {
    if (segment === undefined) return refuse('not_found', `The segment ${key} was deleted in the meantime.`);
    const { members, version: _, ...rest } = segment;
    if (members === undefined) return noList(segment);
    const imported = await importFingerprints(deps, members, incoming, mode);
    const { list, added, removed } = imported;
    if (list.count > MAX_MEMBERS) return tooMany(key, list.count);
    if (added + removed === 0) return accept({ decision: { is: 'unchanged', document: segment }, imported });
    const after = { ...rest, members: { ...members, ...list } };
    const because = { mode, rows: incoming.length, added, removed, count: list.count };
    return accept({ decision: { is: 'write', action: 'segment.members_imported', after, because }, imported });
  }

  return {
    async importMembers(call, key, mode, batches): Promise<Outcome<MemberImport>> {
      const may = await mayImport(call, key);
      if (!may.ok) return may;
      const incoming = await gatherFingerprints(batches, createPace(deps.clock));
      if (!incoming.ok) return incoming;
      if (incoming.value.length === 0) return nothingSent(mode);
      let imported: ImportedMembers | undefined;
      const asked = { import: mode, digest: await digestOf(incoming.value, createPace(deps.clock)) };
      const outcome = answered(
        await changes.change(call, { noun: 'segments', key, name: 'segment', request: asked }, async (segment) => {
          const decided = await decide(segment, key, mode, incoming.value);
          if (!decided.ok) return decided;
          imported = decided.value.imported;
          return accept(decided.value.decision);
        }),
      );
      if (!outcome.ok) return outcome;
      const { version, members } = outcome.value;
      const count = members?.count ?? 0;
      const { added, removed } = imported ?? (await countsOf(key, version));
      return accept({ version, count, added, removed });
    },
    async checkMembers(_, key, keys) {
      const segment = await findList(key);
      if (!segment.ok) return segment;
      const { chunks = [], count = 0 } = segment.value.members ?? {};
      const readRange = createRangeReader(deps, { chunks });
      const wanted = keys.map((one) => ({ key: one, fingerprint: fingerprintOf(one) }));
      const listed = new Map<string, boolean>();
      // In the order of the chunks, so that each is read once.
      for (const one of wanted.toSorted((a, b) => a.fingerprint - b.fingerprint)) {
        const range =
          chunks.length === 0 ? NOBODY : await readRange(chunkOf(one.fingerprint, chunks.length), chunks.length);
        listed.set(one.key, memberKeyProblem(one.key) === undefined && range.includes(one.fingerprint));
      }
      return accept({ count, items: keys.map((one) => ({ key: one, listed: listed.get(one) ?? false })) });
    },
  };

  /** A repeated request is answered with what the first one came to. */
  async function countsOf(key: string, version: number) {
    const entries = await store.entries(project, { noun: 'segments', key, newest_first: true, limit: 100 });
    const because = entries.find((entry) => entry.version === version)?.because;
    const numbers = typeof because === 'object' && because !== null && !Array.isArray(because) ? because : {};
    const number = (name: string) => {
      const value = Reflect.get(numbers, name);
      return typeof value === 'number' ? value : 0;
    };
    return { added: number('added'), removed: number('removed') };
  }
}

/** Tells one import from another with the same idempotency key; the order of the rows is part of it. */
async function digestOf(fingerprints: Float64Array, pace: Pace): Promise<string> {
  let [one, other] = [0, 0];
  for (const block of blocksOf(fingerprints)) {
    for (const fingerprint of block) {
      one = Math.imul(one ^ (fingerprint % 2 ** 32), 0x01000193);
      other = Math.imul(other ^ Math.floor(fingerprint / 2 ** 21), 0x85ebca6b);
    }
    await pace();
  }
  return `${fingerprints.length}:${one >>> 0}:${other >>> 0}`;
}

function noList({ key, type }: Segment) {
  return refuse(
    'conflict',
    `The segment ${key} is ${type} and has no list of members. Replace it with one of type list, then import.`,
  );
}

function nothingSent(mode: ImportMode) {
  const remedy =
    mode === 'replace' ? 'To empty the list, replace the segment with an empty `members.keys`.' : 'Send at least one.';
  return refuse('invalid', `The upload names no member. Nothing was changed. ${remedy}`, {
    fields: [{ field: 'body', message: 'must name at least one member' }],
  });
}

function tooMany(key: string, count: number) {
  return refuse(
    'too_large',
    `The list of ${key} would have ${count} members; at most ${MAX_MEMBERS} are kept. Nothing was changed. Use conditions on attributes instead, or several lists.`,
    { details: { count, max_members: MAX_MEMBERS } },
  );
}
