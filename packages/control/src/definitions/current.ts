import type { Flag, KillSwitch, Segment } from '@spillway/core';
import { allDocuments } from '../documents/list.ts';
import type { Clock, Store } from '../ports/index.ts';

/** Everything that definitions are about, as stored just now. */
export interface Current {
  readonly flags: ReadonlyMap<string, Flag>;
  readonly segments: ReadonlyMap<string, Segment>;
  readonly switches: readonly KillSwitch[];
  /** By `noun/key`. */
  readonly versions: ReadonlyMap<string, number>;
}

export async function readCurrent(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
}): Promise<Current> {
  const flags = new Map<string, Flag>();
  const segments = new Map<string, Segment>();
  const switches: KillSwitch[] = [];
  const versions = new Map<string, number>();
  for await (const { key, document } of allDocuments(deps, 'flags')) {
    const { version, ...flag } = document;
    flags.set(key, flag);
    versions.set(`flags/${key}`, version);
  }
  for await (const { key, document } of allDocuments(deps, 'segments')) {
    const { version, ...segment } = document;
    segments.set(key, segment);
    versions.set(`segments/${key}`, version);
  }
  for await (const { document } of allDocuments(deps, 'switches')) switches.push(document);
  return { flags, segments, switches, versions };
}
