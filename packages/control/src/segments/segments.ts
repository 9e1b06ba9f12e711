import {
  accept,
  canonicalise,
  checkReason,
  checkSegmentMayGo,
  defineSegment,
  isUsed,
  MAX_SEGMENTS,
  normaliseSegment,
  type Outcome,
  refuse,
  type Segment,
  type SegmentInput,
  segmentReferences,
} from '@spillway/core';
import { requireAdmin } from '../access/permission.ts';
import type { Call, Control, Versioned } from '../control.ts';
import { answered, removed } from '../documents/answered.ts';
import type { Changes, Decision } from '../documents/changes.ts';
import { fromStored, toJson } from '../documents/document.ts';
import { listDocuments } from '../documents/list.ts';
import { createTurns } from '../documents/turns.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, Store } from '../ports/index.ts';
import { dependentsOf } from './dependents.ts';
import type { SegmentDirectory } from './directory.ts';

export interface SegmentDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
}

export function createSegmentUseCases(deps: SegmentDeps): Control['segments'] {
  const { store, project, changes, environments, segments } = deps;
  /** One change at a time: whether one closes a cycle depends on every other segment. */
  const inTurn = createTurns();

  async function find(call: Call, key: string): Promise<Outcome<Versioned<Segment>>> {
    const admin = requireAdmin(call);
    if (!admin.ok) return admin;
    const stored = await store.read(project, 'segments', key);
    return stored === undefined ? unknownSegment(key) : accept(fromStored('segments', stored));
  }

  function change(
    call: Call,
    key: string,
    asked: object,
    decide: (segment: Versioned<Segment> | undefined) => Promise<Outcome<Decision<Segment>>>,
  ) {
    return inTurn('segments', () =>
      changes.change(call, { noun: 'segments', key, name: 'segment', request: asked }, decide),
    );
  }

  /** A segment that nothing uses changes what nobody gets. */
  async function checkFelt(call: Call, before: Segment, after: Segment): Promise<Outcome<void>> {
    if (meaningOf(before) === meaningOf(after)) return accept(undefined);
    const used = isUsed(await dependentsOf(deps, before.key));
    return used ? checkReason(environments.all(), call.reason) : accept(undefined);
  }

  return {
    async list(call, page) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const search = page.search?.trim().toLowerCase() ?? '';
      return listDocuments(deps, 'segments', page, (segment) => mentions(segment, search));
    },
    get: find,
    async create(call, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await segments.lookAgainFor(namedIn(input));
      return answered(
        await change(call, input.key, { create: input }, async (existing) => {
          if (existing !== undefined) return segmentExists(existing);
          if (segments.keys.size >= MAX_SEGMENTS) return tooMany();
          const after = normaliseSegment(input, segments.segments);
          return after.ok ? accept({ is: 'write', action: 'segment.created', after: after.value }) : after;
        }),
      );
    },
    async replace(call, key, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      if (input.key !== key) return refuseOtherKey(key);
      await segments.lookAgainFor(namedIn(input));
      return answered(
        await change(call, key, { replace: input }, async (segment) => {
          if (segment === undefined) return unknownSegment(key);
          const after = normaliseSegment(input, segments.segments);
          if (!after.ok) return after;
          const felt = await checkFelt(call, segment, after.value);
          return felt.ok ? accept({ is: 'write', action: 'segment.updated', after: after.value }) : felt;
        }),
      );
    },
    async remove(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      return removed(
        await change(call, key, { remove: true }, async (segment) => {
          if (segment === undefined) return unknownSegment(key);
          const mayGo = checkSegmentMayGo(key, await dependentsOf(deps, key));
          return mayGo.ok ? accept({ is: 'remove', action: 'segment.deleted' }) : mayGo;
        }),
      );
    },
    async dependents(call, key) {
      const segment = await find(call, key);
      return segment.ok ? accept(await dependentsOf(deps, key)) : segment;
    },
  };
}

function namedIn({ when = { all: [] }, score, parents, exclusions }: SegmentInput): readonly string[] {
  const parts = {
    when,
    ...(score === undefined ? {} : { score }),
    parents: parents ?? [],
    exclusions: exclusions ?? [],
  };
  return segmentReferences(parts).map(({ segment }) => segment);
}

/** What evaluation depends on. */
function meaningOf(segment: Segment): string {
  return canonicalise(toJson(defineSegment(segment, 0)));
}

function mentions(segment: Segment, search: string): boolean {
  if (search === '') return true;
  const { key, name, description, tags } = segment;
  return [key, name, description, ...tags].some((text) => text.toLowerCase().includes(search));
}

function unknownSegment(key: string) {
  return refuse('not_found', `There is no segment ${JSON.stringify(key)}. Check the key, or create it first.`);
}

function segmentExists({ key }: Segment) {
  return refuse('exists', `There is a segment ${key} already. Replace it, or choose another key.`, {
    fields: [{ field: '/key', message: 'belongs to another segment' }],
  });
}

function refuseOtherKey(key: string) {
  return refuse('invalid', `A segment cannot be renamed: flags name it as ${key}. Leave the key as it is.`, {
    fields: [{ field: '/key', message: `must be ${key}, as in the address` }],
  });
}

function tooMany() {
  return refuse('conflict', `There are ${MAX_SEGMENTS} segments already; no more are allowed. Delete some first.`);
}
