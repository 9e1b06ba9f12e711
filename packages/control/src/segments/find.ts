import { accept, type Outcome, refuse, type Segment } from '@spillway/core';
import type { Versioned } from '../call.ts';
import type { Changes } from '../documents/changes.ts';
import { fromStored } from '../documents/document.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, Store } from '../ports/index.ts';
import type { SegmentDirectory } from './directory.ts';

export interface SegmentDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
}

export async function findSegment(
  { store, project }: Pick<SegmentDeps, 'store' | 'project'>,
  key: string,
): Promise<Outcome<Versioned<Segment>>> {
  const stored = await store.read(project, 'segments', key);
  return stored === undefined ? unknownSegment(key) : accept(fromStored('segments', stored));
}

export function unknownSegment(key: string) {
  return refuse('not_found', `There is no segment ${JSON.stringify(key)}. Check the key, or create it first.`);
}
