import type { Commit, EntryFilter, Write } from '@spillway/control/ports';
import { canonicalise, finish, type Steps } from '@spillway/core';

/** Of a document's canonical text in UTF-8, and of a `because`. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Of each text that is part of an index; PostgreSQL's indexes take about 2,700 bytes for all of a row's together. */
export const MAX_INDEXED_BYTES = 800;
/** Of actor, action and reason. */
export const MAX_TEXT_BYTES = 64 * 1024;
/** As many as definitions of everything there is may come to; they go to the database a few hundred at a time. */
export const MAX_WRITES_PER_COMMIT = 20_000;
/** What is prepared, hashed or read back in one go; it takes milliseconds. */
const WRITES_PER_STEP = 200;
/** Rows that one `list` or `entries` may ask for. */
export const MAX_PAGE = 10_000;
/** By how many entries the log's order and that of their times may differ, for `seqAt` to find the right one. */
export const CLOCK_DISORDER_ENTRIES = 1_000;

/** A commit that was checked and has its canonical texts at hand. */
export interface PreparedCommit {
  readonly commit: Commit;
  readonly writes: readonly PreparedWrite[];
  /** What this commit adds to memory and to a transaction, roughly. */
  readonly bytes: number;
}

export interface PreparedWrite {
  readonly write: Write;
  /** Unique among all documents of the store. */
  readonly id: string;
  /** `undefined` deletes. */
  readonly after: string | undefined;
  readonly because: string;
}

/**
 * Throws `TypeError` or `RangeError` for commits that are mistakes of the program that made them: these are no
 * outcomes that a caller could act on. Every store refuses the same ones, so that one cannot hide what another shows.
 */
export function prepareCommit(commit: Commit): PreparedCommit {
  return finish(preparingCommit(commit));
}

/** The same some writes at a time. */
export function* preparingCommit(commit: Commit): Steps<PreparedCommit> {
  checkTexts(commit);
  checkInteger('at_ms', commit.at_ms);
  if (commit.writes.length > MAX_WRITES_PER_COMMIT) {
    throw new RangeError(
      `A commit holds at most ${MAX_WRITES_PER_COMMIT} writes; this one has ${commit.writes.length}.`,
    );
  }
  const writes: PreparedWrite[] = [];
  for (const [index, write] of commit.writes.entries()) {
    writes.push(prepareWrite(commit.project, write, `writes[${index}]`));
    if (isStep(index)) yield;
  }
  const seen = new Set<string>();
  for (const { id, write } of writes) {
    if (seen.has(id)) throw new TypeError(`A commit writes ${write.noun}/${write.key} twice; merge the two writes.`);
    seen.add(id);
  }
  const bytes = writes.reduce((sum, { after, because }) => sum + (after?.length ?? 0) + because.length, 0);
  return { commit, writes, bytes };
}

/** Whether others get their turn after this one of many. */
export function isStep(index: number): boolean {
  return index % WRITES_PER_STEP === WRITES_PER_STEP - 1;
}

export function documentId(project: string, noun: string, key: string): string {
  // No text in the store holds NUL, so these parts cannot run into one another.
  return `${project}\0${noun}\0${key}`;
}

export function checkPage(limit: number): void {
  if (Number.isInteger(limit) && limit >= 0 && limit <= MAX_PAGE) return;
  throw new RangeError(`limit must be an integer from 0 to ${MAX_PAGE}, not ${limit}.`);
}

export function checkSeqs(seqs: readonly number[]): void {
  checkPage(seqs.length);
  for (const [index, seq] of seqs.entries()) checkInteger(`seqs[${index}]`, seq);
}

export function checkFilter({ limit, after, before }: EntryFilter): void {
  checkPage(limit);
  if (after !== undefined) checkInteger('after', after);
  if (before !== undefined) checkInteger('before', before);
}

export function checkLeaseRequest(name: string, holder: string, now_ms = 0, duration_ms = 1): void {
  checkText('lease name', name, MAX_INDEXED_BYTES);
  checkText('lease holder', holder, MAX_INDEXED_BYTES);
  if (holder === '') throw new TypeError('lease holder must not be empty.');
  checkInteger('now_ms', now_ms);
  checkInteger('duration_ms', duration_ms);
  if (duration_ms <= 0) throw new RangeError(`duration_ms must be above 0, not ${duration_ms}.`);
}

function checkTexts({ project, actor, reason, idempotency_key, fence }: Commit): void {
  checkText('project', project, MAX_INDEXED_BYTES);
  checkText('actor', actor, MAX_TEXT_BYTES);
  checkText('reason', reason, MAX_TEXT_BYTES);
  if (idempotency_key !== undefined) checkText('idempotency_key', idempotency_key, MAX_INDEXED_BYTES);
  if (fence === undefined) return;
  checkText('fence.lease', fence.lease, MAX_INDEXED_BYTES);
  checkInteger('fence.fencing', fence.fencing);
}

function prepareWrite(project: string, write: Write, place: string): PreparedWrite {
  checkText(`${place}.noun`, write.noun, MAX_INDEXED_BYTES);
  checkText(`${place}.key`, write.key, MAX_INDEXED_BYTES);
  checkText(`${place}.action`, write.action, MAX_TEXT_BYTES);
  const after = write.after === null ? undefined : bodyText(`${place}.after`, write.after);
  const because = write.because === undefined ? 'null' : bodyText(`${place}.because`, write.because);
  return { write, id: documentId(project, write.noun, write.key), after, because };
}

function bodyText(place: string, body: Parameters<typeof canonicalise>[0]): string {
  const text = canonicalise(body);
  if (exceeds(text, MAX_BODY_BYTES)) throw new RangeError(`${place} is larger than ${MAX_BODY_BYTES} bytes.`);
  return text;
}

export function checkText(place: string, text: string, maxBytes: number): void {
  if (!text.isWellFormed()) throw new TypeError(`${place} holds half of a surrogate pair.`);
  if (text.includes('\0')) throw new TypeError(`${place} holds a NUL character, which databases cannot store.`);
  if (exceeds(text, maxBytes)) throw new RangeError(`${place} is longer than ${maxBytes} bytes.`);
}

export function checkIndexedText(place: string, text: string): void {
  checkText(place, text, MAX_INDEXED_BYTES);
}

function exceeds(text: string, maxBytes: number): boolean {
  // A UTF-16 unit is at most 3 bytes of UTF-8, so most texts need no encoding to know.
  if (text.length * 3 <= maxBytes) return false;
  return text.length > maxBytes || Buffer.byteLength(text, 'utf8') > maxBytes;
}

export function checkInteger(place: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${place} must be a whole number, not ${value}.`);
}
