import type { Evaluation } from '@spillway/evaluator';
import { type Configurations, spanning } from './configurations.ts';
import type { UserTally, VariantUsers } from './user-tally.ts';

/** Different answers that are counted between two summaries. */
export const MAX_COUNTED = 5_000;

export interface AnswerCount {
  readonly flag: string;
  readonly variant: string | null;
  readonly reason: string;
  readonly count: number;
  /** Which configurations the answers came from; absent where who counted did not say it. */
  readonly configurations?: Configurations;
}

interface Counter {
  count: number;
  readonly users: VariantUsers | undefined;
}

interface ErrorCounter {
  count: number;
  configurations: Configurations;
}

interface ToldCounter {
  count: number;
  configurations: Configurations | undefined;
  /** Found when the first user is named. */
  users: VariantUsers | undefined;
  readonly of: Answer;
}

type Answer = Omit<AnswerCount, 'count' | 'configurations'>;

/**
 * Counts answers. The evaluator gives one and the same object for the same answer of one configuration, so that counting
 * is finding that object again: nothing is made, put together or compared. Only errors are made anew each time.
 */
export class AnswerTally {
  readonly #answers = new Map<Evaluation, Counter>();
  readonly #errors = new Map<string, ErrorCounter>();
  readonly #users: UserTally | undefined;
  readonly #told = new Map<string, ToldCounter>();
  #uncounted = 0;

  /** Without `users` those who asked are not told apart. */
  constructor(users?: UserTally) {
    this.#users = users;
  }

  count(answer: Evaluation, user?: unknown): void {
    if (answer.errorCode !== undefined) {
      this.#countError(answer);
      return;
    }
    const counter = this.#answers.get(answer) ?? this.#meet(answer);
    if (counter === undefined) return;
    counter.count += 1;
    if (counter.users !== undefined && typeof user === 'string' && user !== '') counter.users.meet(user);
  }

  /** Counts what others have counted, as a relay does; of one answer that it gave itself it names the `user`. */
  add(told: AnswerCount, user?: string): void {
    const id = idOf(told);
    const counter = this.#told.get(id) ?? this.#meetTold(id, told);
    if (counter === undefined) return;
    counter.count += told.count;
    counter.configurations = spanning(counter.configurations, told.configurations);
    if (user === undefined || told.reason === 'ERROR') return;
    counter.users ??= this.#users?.of(told.flag, told.variant);
    counter.users?.meet(user);
  }

  /** What was counted since the last time it was taken, one of each. */
  take(): readonly AnswerCount[] {
    const merged = new Map([...this.#told].map(([id, { of, ...counted }]) => [id, countOf(of, counted)]));
    this.#told.clear();
    for (const [{ flagKey: flag, variant = null, reason, flagMetadata }, { count }] of this.#answers) {
      const of = { flag, variant, reason };
      const before = merged.get(idOf(of));
      const configurations = spanning(before?.configurations, only(flagMetadata.configuration));
      merged.set(idOf(of), countOf(of, { count: count + (before?.count ?? 0), configurations }));
    }
    const errors = [...this.#errors].map(([flag, counted]) =>
      countOf({ flag, variant: null, reason: 'ERROR' }, counted),
    );
    this.#answers.clear();
    this.#errors.clear();
    return [...merged.values(), ...errors];
  }

  /** Answers that will be in no summary, for want of room or of a server. */
  get uncounted(): number {
    return this.#uncounted;
  }

  give(up: readonly AnswerCount[]): void {
    for (const { count } of up) this.#uncounted += count;
  }

  #meetTold(id: string, { flag, variant, reason, count }: AnswerCount): ToldCounter | undefined {
    if (this.#told.size >= MAX_COUNTED) {
      this.#uncounted += count;
      return undefined;
    }
    const counter = { count: 0, configurations: undefined, users: undefined, of: { flag, variant, reason } };
    this.#told.set(id, counter);
    return counter;
  }

  #meet(answer: Evaluation): Counter | undefined {
    if (!this.#hasRoom()) return undefined;
    const counter = { count: 0, users: this.#users?.of(answer.flagKey, answer.variant ?? null) };
    this.#answers.set(answer, counter);
    return counter;
  }

  #countError({ flagKey, flagMetadata: { configuration } }: Evaluation): void {
    const counter = this.#errors.get(flagKey);
    if (counter !== undefined) {
      counter.count += 1;
      counter.configurations = spanning(counter.configurations, only(configuration));
    } else if (this.#hasRoom()) {
      this.#errors.set(flagKey, { count: 1, configurations: only(configuration) });
    }
  }

  /** For one more answer; where there is none, it stays uncounted. */
  #hasRoom(): boolean {
    if (this.#answers.size + this.#errors.size < MAX_COUNTED) return true;
    this.#uncounted += 1;
    return false;
  }
}

function only(configuration: number): Configurations {
  return { first: configuration, last: configuration };
}

function countOf(
  of: Answer,
  { count, configurations }: { readonly count: number; readonly configurations: Configurations | undefined },
): AnswerCount {
  return { ...of, count, ...(configurations === undefined ? {} : { configurations }) };
}

function idOf({ flag, variant, reason }: Answer): string {
  return `${flag}\n${variant ?? ''}\n${reason}`;
}
