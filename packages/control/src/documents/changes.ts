import { accept, canonicalise, type LogEntry, type Outcome, type Refusal, refuse } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import { actorOf } from '../access/actor.ts';
import type { Call, Versioned, Written } from '../call.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, CommitOutcome, Fence, Log, Sha256, Store, Stored, Write } from '../ports/index.ts';
import { afterEntry, type DocumentNoun, type Documents, fromStored, toJson } from './document.ts';
import { notMade } from './not-made.ts';
import { createTurns } from './turns.ts';

/** How often a change is decided anew when another write came between reading and writing. */
const MAX_ATTEMPTS = 8;
export const MAX_REASON_LENGTH = 2_000;
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;
/** Of a document's canonical text in UTF-8; stores keep no more. */
export const MAX_DOCUMENT_BYTES = 1_024 * 1_024;
/** No document ever has this version, so a write that expects it changes nothing. */
export const IMPOSSIBLE_VERSION = Number.MAX_SAFE_INTEGER;

const IDEMPOTENCY_KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** What a change rests on, or came to. */
export type Numbers = Readonly<Record<string, Json>>;

/** What a use case decided about one document after reading it. */
export type Decision<D> =
  /** `because` are the numbers that the log keeps beside it. */
  | { readonly is: 'write'; readonly action: string; readonly after: D; readonly because?: Numbers }
  | { readonly is: 'remove'; readonly action: string }
  /** Nothing to do: what was asked for is so already. */
  | { readonly is: 'unchanged'; readonly document: Versioned<D> };

export interface ChangeRequest<N extends DocumentNoun> {
  readonly noun: N;
  readonly key: string;
  /** How prose calls the thing, e.g. `flag`. */
  readonly name: string;
  /** What was asked, for telling a repeated request from another one with the same idempotency key. */
  readonly request: object;
  /** Whether what was decided still holds is known as long as this does. */
  readonly fence?: Fence;
}

type Decide<N extends DocumentNoun> = (
  document: Versioned<Documents[N]> | undefined,
) => Outcome<Decision<Documents[N]>> | Promise<Outcome<Decision<Documents[N]>>>;

export interface Changes {
  /**
   * Reads, asks `decide`, writes; anew when another write came first, unless the call names the version it expects.
   * The answer is the document after the change, undefined when it was removed. What would leave the document as it is
   * makes no version and no entry, and is answered with what there is, marked as unchanged.
   */
  change<N extends DocumentNoun>(
    call: Call,
    request: ChangeRequest<N>,
    decide: Decide<N>,
  ): Promise<Outcome<Written<Documents[N]> | undefined>>;
}

export interface ChangesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly project: string;
  readonly follower: LogFollower;
  readonly log: Log;
}

export function createChanges({ store, clock, sha256, project, follower, log }: ChangesDeps): Changes {
  // Many who change one document at once would otherwise keep overtaking each other until most give up.
  const inTurn = createTurns();

  async function commit(
    call: Call,
    write: Omit<Write, 'because'>,
    fingerprint: string,
    { numbers, fence }: { readonly numbers?: Numbers | undefined; readonly fence?: Fence | undefined } = {},
  ): Promise<CommitOutcome> {
    const because = {
      ...numbers,
      ...(call.idempotency_key === undefined ? {} : { request: fingerprint }),
    };
    const actor = actorOf(call.principal);
    const outcome = await store.commit({
      project,
      at_ms: clock.now(),
      actor,
      reason: (call.reason ?? '').trim(),
      writes: [Object.keys(because).length === 0 ? write : { ...write, because }],
      ...(call.idempotency_key === undefined ? {} : { idempotency_key: `${actor}:${call.idempotency_key}` }),
      ...(fence === undefined ? {} : { fence }),
    });
    if (outcome.is === 'committed') await follower.committed(outcome.entries);
    return outcome;
  }

  /** The entries of an earlier request with the same idempotency key; asked before deciding, which would see its effect. */
  async function earlier(call: Call, noun: DocumentNoun, key: string): Promise<readonly LogEntry[] | undefined> {
    if (call.idempotency_key === undefined) return undefined;
    const probe: Write = { noun, key, expected: IMPOSSIBLE_VERSION, after: null, action: 'probe' };
    const outcome = await commit(call, probe, '');
    return outcome.is === 'repeated' ? outcome.entries : undefined;
  }

  async function change<N extends DocumentNoun>(
    call: Call,
    asked: ChangeRequest<N>,
    decide: Decide<N>,
  ): Promise<Outcome<Written<Documents[N]> | undefined>> {
    const { noun, key, request } = asked;
    const proper = checkCall(call);
    if (!proper.ok) return proper;
    const fingerprint =
      call.idempotency_key === undefined ? '' : sha256(JSON.stringify([noun, key, request, call.reason ?? '']));
    const repeated = await earlier(call, noun, key);
    if (repeated !== undefined) return answerRepeated(noun, repeated, fingerprint);
    const outcome = await inTurn(`${noun}/${key}`, () => attempt(call, asked, decide, fingerprint));
    if (outcome.ok) return outcome;
    // The same request may have been carried out meanwhile, and the refusal be of what it left behind.
    const meanwhile = await earlier(call, noun, key);
    return meanwhile === undefined ? outcome : answerRepeated(noun, meanwhile, fingerprint);
  }

  async function attempt<N extends DocumentNoun>(
    call: Call,
    { noun, key, name, fence }: ChangeRequest<N>,
    decide: Decide<N>,
    fingerprint: string,
  ): Promise<Outcome<Written<Documents[N]> | undefined>> {
    for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
      const stored = await store.read(project, noun, key);
      const document = stored && fromStored(noun, stored);
      const actual = document?.version ?? 0;
      const wrongVersion = call.expected_version !== undefined && call.expected_version !== actual;
      if (wrongVersion && document !== undefined) return stale(name, key, call.expected_version, actual);
      const decided = await decide(document);
      if (!decided.ok) return decided;
      if (decided.value.is === 'unchanged') return accept(unchanged(decided.value.document));
      if (wrongVersion) return stale(name, key, call.expected_version, actual);
      if (document !== undefined && leavesAsIs(stored, decided.value)) return accept(unchanged(document));
      const { action } = decided.value;
      const because = decided.value.is === 'write' ? decided.value.because : undefined;
      const after: Json = decided.value.is === 'write' ? toJson(decided.value.after) : null;
      const small = checkSize(name, after);
      if (!small.ok) return small;
      const outcome = await commit(call, { noun, key, expected: actual, after, action }, fingerprint, {
        numbers: because,
        fence,
      });
      if (outcome.is === 'fenced') break;
      if (outcome.is === 'repeated') return answerRepeated(noun, outcome.entries, fingerprint);
      if (outcome.is === 'committed') {
        const entry = outcome.entries[0];
        return accept(writtenBy(noun, entry));
      }
    }
    return refuse('unavailable', `The ${name} ${key} is being changed by many at once. Try again in a moment.`);
  }

  return {
    async change(call, request, decide) {
      try {
        return await change(call, request, decide);
      } catch (error) {
        // These two are mistakes of this program, not of the store; hiding them would keep them.
        if (error instanceof TypeError || error instanceof RangeError) throw error;
        log.error({ err: error, noun: request.noun, key: request.key }, 'A change failed in the store');
        const { name, key } = request;
        return notMade(error, `The ${name} ${key} was not changed`) ?? notConfirmed(request);
      }
    },
  };
}

function unchanged<D>(document: Versioned<D>): Written<D> {
  return { ...document, unchanged: true };
}

function leavesAsIs<D extends object>(stored: Stored | undefined, decision: Decision<D>): boolean {
  if (stored === undefined || decision.is !== 'write') return false;
  return canonicalise(stored.body) === canonicalise(toJson(decision.after));
}

function notConfirmed({ noun, key, name }: ChangeRequest<DocumentNoun>) {
  return refuse(
    'unavailable',
    `The store did not confirm the change of the ${name} ${key}; it may or may not have been made. As soon as the store answers again, the log tells which: \`spillway audit list --noun ${noun} --key ${key}\`, or Audit in the dashboard. Or repeat the request with the same Idempotency-Key, which is never carried out twice.`,
  );
}

function answerRepeated<N extends DocumentNoun>(
  noun: N,
  entries: readonly LogEntry[],
  fingerprint: string,
): Outcome<Written<Documents[N]> | undefined> {
  const same = ofSameRequest(entries, fingerprint);
  if (!same.ok) return same;
  return accept(writtenBy(noun, entries[0]));
}

function writtenBy<N extends DocumentNoun>(noun: N, entry: LogEntry | undefined): Written<Documents[N]> | undefined {
  // No document has a member of this name, which the compiler cannot know of all of them.
  return (entry && afterEntry(noun, entry)) as Written<Documents[N]> | undefined;
}

/** The entries, when it was the same request that made them. */
export function ofSameRequest(entries: readonly LogEntry[], fingerprint: string): Outcome<readonly LogEntry[]> {
  const [entry] = entries;
  if (entry !== undefined && requestOf(entry.because) === fingerprint) return accept(entries);
  return refuse(
    'conflict',
    'This idempotency key was already used for a different request. Use a new key for each new request.',
    { fields: [{ field: '/Idempotency-Key', message: 'was already used for a different request' }] },
  );
}

function requestOf(because: Json): Json | undefined {
  const isObject = typeof because === 'object' && because !== null && 'request' in because;
  return isObject ? because.request : undefined;
}

function stale(
  name: string,
  key: string,
  expected: number | undefined,
  actual: number,
): { readonly ok: false; readonly refusal: Refusal } {
  return refuse(
    'stale',
    `The ${name} ${key} is at version ${actual}, not ${expected}: someone changed it in between. Read it again and repeat your change on what is there now.`,
    { details: { expected_version: expected ?? null, actual_version: actual } },
  );
}

/** What comes along with a request in its headers or query and is stored or indexed. */
export function checkCall({ reason = '', idempotency_key = 'none' }: Call): Outcome<void> {
  if (reason.length > MAX_REASON_LENGTH || !isStorable(reason)) {
    return refuse('invalid', `The reason must be at most ${MAX_REASON_LENGTH} characters of Unicode text.`, {
      fields: [{ field: '/reason', message: `must be at most ${MAX_REASON_LENGTH} characters of Unicode text` }],
    });
  }
  if (!IDEMPOTENCY_KEY.test(idempotency_key)) {
    const rule = `must be 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} printable ASCII characters`;
    return refuse('invalid', `The idempotency key ${rule}.`, {
      fields: [{ field: '/Idempotency-Key', message: rule }],
    });
  }
  return accept(undefined);
}

/** Databases have no text for NUL, nor for half of a surrogate pair. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

export function checkSize(name: string, after: Json): Outcome<void> {
  // As long as the canonical text, which has the same members in another order.
  const bytes = bytesOf(JSON.stringify(after));
  if (bytes <= MAX_DOCUMENT_BYTES) return accept(undefined);
  return refuse(
    'too_large',
    `The ${name} has ${bytes} bytes as JSON; at most ${MAX_DOCUMENT_BYTES} are kept. Make lists shorter, or use rules instead.`,
  );
}

function bytesOf(text: string): number {
  // A UTF-16 unit is at most 3 bytes of UTF-8, so most texts need no counting.
  if (text.length * 3 <= MAX_DOCUMENT_BYTES) return text.length;
  let bytes = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
