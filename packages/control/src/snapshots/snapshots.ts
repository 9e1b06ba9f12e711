import { accept, type LogEntry, type Outcome } from '@spillway/core';
import { type Configuration, compile, type Snapshot } from '@spillway/evaluator';
import { createSnapshotMessage, DefinitionDigests } from '@spillway/evaluator/signature';
import { allDocuments } from '../documents/list.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { unknownEnvironment } from '../environments/unknown.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Log, Sha256, Sign, Store } from '../ports/index.ts';
import { createMemberTexts } from '../segments/members/texts.ts';
import { DefinitionTexts } from './definition-texts.ts';
import { createEnvironmentFeed, type EnvironmentFeed } from './environment-feed.ts';
import { createSnapshotUseCases } from './feed.ts';
import { applyToDocuments, configured, definedSegment, foldDocuments, isSnapshotNoun, putFlag } from './fold.ts';
import { findNumbers } from './numbering.ts';
import { createSnapshotWriter } from './serialise.ts';
import type { SnapshotUseCases } from './use-cases.ts';

export interface SnapshotDeps {
  readonly store: Store;
  readonly project: string;
  readonly sha256: Sha256;
  readonly sign?: Sign;
  readonly clock: Clock;
  readonly log: Log;
  readonly follower: LogFollower;
  readonly environments: EnvironmentDirectory;
}

export interface Snapshots {
  readonly useCases: SnapshotUseCases;
  /** The environment's snapshot with its followers; refuses `not_found` when there is no such environment. */
  feed(environment: string): Promise<Outcome<EnvironmentFeed>>;
  catchUp(): Promise<void>;
  /** All segments without any flag, compiled; the same in every environment. */
  segmentsAlone(): Configuration;
  /** Builds every environment's snapshot as of the entry `head`. */
  load(head: number): Promise<void>;
  /** Reads what `apply` will need of the entry; undefined when that is nothing. */
  prepare(entry: LogEntry): Promise<void> | undefined;
  apply(entry: LogEntry): void;
}

export function createSnapshots({
  store,
  project,
  sha256,
  sign,
  clock,
  log,
  follower,
  environments,
}: SnapshotDeps): Snapshots {
  const documents = configured();
  const texts = createMemberTexts({ store, project, clock, log });
  const segmentTexts = new DefinitionTexts();
  const segmentDigests = new DefinitionDigests(sha256);
  const feeds = new Map<string, EnvironmentFeed>();
  let alone: Configuration | undefined;
  let changedAlone = true;

  function open(environment: string, number: number): void {
    const fold = foldDocuments(project, environment, number, documents);
    const write = createSnapshotWriter(segmentTexts);
    feeds.set(environment, createEnvironmentFeed(fold, { sha256, log, write, ...signing() }));
  }

  function signing(): { readonly sign?: (snapshot: Snapshot) => string } {
    if (sign === undefined) return {};
    const messageOf = createSnapshotMessage(sha256, segmentDigests);
    return { sign: (snapshot) => sign(messageOf(snapshot)) };
  }

  async function feed(environment: string): Promise<Outcome<EnvironmentFeed>> {
    const known = feeds.get(environment);
    if (known !== undefined) return accept(known);
    await environments.lookAgainFor([environment]);
    const found = feeds.get(environment);
    if (found !== undefined) return accept(found);
    return unknownEnvironment(environment, environments.keys, '/environment');
  }

  const catchUp = () => follower.catchUp();

  return {
    feed,
    catchUp,
    useCases: createSnapshotUseCases({ feed, catchUp }),
    async load(head) {
      for await (const { document } of allDocuments({ store, project }, 'flags')) {
        putFlag(documents, document.key, document);
      }
      for await (const { document } of allDocuments({ store, project }, 'segments')) {
        documents.segments.set(document.key, document);
        await texts.load(document.key, document.members);
        if (document.members !== undefined) {
          documents.lists.set(document.key, texts.textOf(document.key, document.members));
        }
      }
      for await (const { document } of allDocuments({ store, project }, 'switches')) {
        documents.switches.set(document.key, document);
      }
      for (const [environment, number] of await findNumbers({ store, project }, head)) open(environment, number);
    },
    segmentsAlone() {
      if (alone === undefined || changedAlone) {
        const definitions = [...documents.segments.keys()].flatMap((key) => definedSegment(documents, key) ?? []);
        const segments = Object.fromEntries(definitions.map((definition) => [definition.key, definition]));
        const frame = { format: 'spillway.snapshot/1', project, environment: '', number: 0 } as const;
        alone = compile({ ...frame, flags: {}, segments, switches: {} }, alone);
        changedAlone = false;
      }
      return alone;
    },
    prepare: texts.prepare,
    apply(entry) {
      if (entry.noun === 'environments' && entry.after !== null && !feeds.has(entry.key)) open(entry.key, entry.seq);
      if (!isSnapshotNoun(entry.noun)) return;
      applyToDocuments(documents, entry, texts);
      changedAlone ||= entry.noun === 'segments';
      for (const each of feeds.values()) each.apply(entry, documents);
    },
  };
}
