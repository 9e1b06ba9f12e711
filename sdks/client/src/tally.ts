import type { Evaluation } from '@spillway/evaluator';
import type { UserTally, VariantUsers } from './user-tally.ts';

/** Different answers that are counted between two summaries. */
export const MAX_COUNTED = 5_000;

export interface AnswerCount {
  readonly flag: string;
  readonly variant: string | null;
  readonly reason: string;
  readonly count: number;
}

interface Counter {
  count: number;
  readonly users: VariantUsers | undefined;
}

interface ToldCounter {
  count: number;
  /** Found when the first user is named. */
  users: VariantUsers | undefined;
  readonly of: Omit<AnswerCount, 'count'>;
}

/**
 * Counts answers. The evaluator gives one and the same object for the same answer of one configuration, so that counting
 * is finding that object again: nothing is made, put together or compared. Only errors are made anew each time.
 */
export class AnswerTally {
  readonly #answers = new Map<Evaluation, Counter>();
  readonly #errors = new Map<string, Counter>();
  readonly #users: UserTally | undefined;
  readonly #told = new Map<string, ToldCounter>();
  #uncounted = 0;

  /** Without `users` those who asked are not told apart. */
  constructor(users?: UserTally) {
    this.#users = users;
  }

  count(answer: Evaluation, user?: unknown): void {
    const counter =
      (answer.errorCode === undefined ? this.#answers.get(answer) : this.#errors.get(answer.flagKey)) ??
      this.#meet(answer);
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
    if (user === undefined || told.reason === 'ERROR') return;
    counter.users ??= this.#users?.of(told.flag, told.variant);
    counter.users?.meet(user);
  }

  /** What was counted since the last time it was taken, one of each. */
  take(): readonly AnswerCount[] {
    const merged = new Map([...this.#told].map(([id, { of, count }]) => [id, { ...of, count }]));
    this.#told.clear();
    for (const [{ flagKey: flag, variant = null, reason }, { count }] of this.#answers) {
      const id = idOf({ flag, variant, reason });
      merged.set(id, { flag, variant, reason, count: count + (merged.get(id)?.count ?? 0) });
    }
    const errors = [...this.#errors].map(([flag, { count }]) => ({ flag, variant: null, reason: 'ERROR', count }));
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
    const counter = { count: 0, users: undefined, of: { flag, variant, reason } };
    this.#told.set(id, counter);
    return counter;
  }

  #meet(answer: Evaluation): Counter | undefined {
    const { flagKey, variant = null, errorCode } = answer;
    if (this.#answers.size + this.#errors.size >= MAX_COUNTED) {
      this.#uncounted += 1;
      return undefined;
    }
    const isError = errorCode !== undefined;
    const counter = { count: 0, users: isError ? undefined : this.#users?.of(flagKey, variant) };
    if (isError) this.#errors.set(flagKey, counter);
    else this.#answers.set(answer, counter);
    return counter;
  }
}

function idOf({ flag, variant, reason }: Omit<AnswerCount, 'count'>): string {
  return `${flag}\n${variant ?? ''}\n${reason}`;
}
