import { type EvaluationContext, fingerprintOf } from '@spillway/evaluator';
import type { Platform } from './platform.ts';
import { type Copied, copyOf, redacted } from './redaction.ts';
import { type SampleTerms, sameTerms } from './sample-terms.ts';

/** Contexts that wait for the next summary. */
export const MAX_HELD = 200;
/** Of all contexts of one summary as JSON text. */
const MAX_SENT_CHARACTERS = 131_072;
/** Looked at without a gap between two summaries; more would cost busy applications what evaluations cost. */
export const CLOSE_LOOKS = 20_000;
/** Beyond them one evaluation in so many is looked at, on average. */
const MEAN_GAP = 256;
/** Who was told of is told of again after an hour, so that the server knows who is recent. */
const AGAIN_MS = 3_600_000;
const MAX_REMEMBERED = 20_000;
const MAX_KEY_LENGTH = 200;

export interface SentContext {
  readonly rank: number;
  readonly context: EvaluationContext;
}

export interface SentContexts {
  readonly recent_contexts: SampleTerms['recent_contexts'];
  readonly items: readonly SentContext[];
}

/**
 * A fair sample of whom an application asks for: those whose keyed ranks are lowest, each once, so that samples of many
 * processes make one of all. Before the server has said what may be told nothing is held, and afterwards no more than that.
 */
export class ContextSample {
  readonly #platform: Pick<Platform, 'now' | 'random' | 'sha256'>;
  readonly #held = new Map<number, Copied>();
  readonly #told = new Set<number>();
  #terms: SampleTerms | undefined;
  #highest = 0;
  #looks = 0;
  #gap = 0;
  #forgotten = 0;

  constructor(platform: Pick<Platform, 'now' | 'random' | 'sha256'>) {
    this.#platform = platform;
  }

  /** What the server says with every answer; undefined: nothing may be told. */
  agree(terms: SampleTerms | undefined): void {
    // Without digests what may only be told digested stays here.
    const kept = terms?.recent_contexts === 'hashed' && this.#platform.sha256 === undefined ? undefined : terms;
    if (!sameTerms(this.#terms, kept)) {
      this.#held.clear();
      this.#told.clear();
    }
    this.#terms = kept;
  }

  /** Called with every evaluation: most of the time it only counts down. */
  look(context: EvaluationContext): void {
    if (this.#terms === undefined) return;
    if (this.#gap > 0) this.#gap -= 1;
    else this.#consider(context, this.#terms);
  }

  /** What the next summary may tell, lowest ranks first; undefined when that is nothing. */
  async take(): Promise<SentContexts | undefined> {
    const terms = this.#terms;
    this.#looks = 0;
    this.#gap = 0;
    if (this.#platform.now() - this.#forgotten > AGAIN_MS) {
      this.#forgotten = this.#platform.now();
      this.#told.clear();
    }
    if (terms === undefined || this.#held.size === 0) return undefined;
    const waiting = [...this.#held].sort(([one], [other]) => one - other);
    this.#held.clear();
    const chosen = this.#choose(waiting, terms);
    const items: SentContext[] = [];
    for (const [rank, copied] of chosen) {
      items.push({ rank, context: await redacted(copied, terms, this.#platform.sha256) });
    }
    // Told to keep less while the digests were made: then nothing of it leaves.
    if (!sameTerms(terms, this.#terms) || items.length === 0) return undefined;
    return { recent_contexts: terms.recent_contexts, items };
  }

  /** These did not arrive. */
  untold({ items }: SentContexts): void {
    for (const { rank } of items) this.#told.delete(rank);
  }

  /** Taken for told at once, so that who asks again while a summary is under way is not held anew. */
  #choose(waiting: readonly (readonly [number, Copied])[], { upto }: SampleTerms): typeof waiting {
    if (this.#told.size > MAX_REMEMBERED) this.#told.clear();
    let characters = 0;
    const end = waiting.findIndex(([rank, { text }]) => {
      characters += text.length;
      return rank > (upto ?? rank) || characters > MAX_SENT_CHARACTERS;
    });
    const chosen = end === -1 ? waiting : waiting.slice(0, end);
    for (const [rank] of chosen) this.#told.add(rank);
    return chosen;
  }

  #consider(context: EvaluationContext, terms: SampleTerms): void {
    this.#looks += 1;
    // A gap that always were the same would fall in step with applications that always ask for the same flags.
    if (this.#looks > CLOSE_LOOKS) this.#gap = Math.floor(this.#platform.random() * 2 * MEAN_GAP);
    const key = context?.targetingKey;
    if (typeof key !== 'string' || key === '' || key.length > MAX_KEY_LENGTH) return;
    const rank = fingerprintOf(terms.salt + key);
    if (rank > (terms.upto ?? rank) || this.#held.has(rank) || this.#told.has(rank)) return;
    const isFull = this.#held.size >= MAX_HELD;
    if (isFull && rank > this.#highest) return;
    const copied = copyOf(context, key, terms.private_attributes);
    if (copied === undefined) return;
    if (isFull) this.#held.delete(this.#highest);
    this.#held.set(rank, copied);
    this.#highest = this.#held.size < MAX_HELD ? Number.MAX_SAFE_INTEGER : Math.max(...this.#held.keys());
  }
}
