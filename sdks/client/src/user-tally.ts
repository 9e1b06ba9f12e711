import { hashUser, type UserSeeds, userHash, userSeedsOf } from '@spillway/evaluator';
import { emptyRegisters, mergeInto, observe, type Registers, readSketch, writeSketch } from '@spillway/statistics';

/** Sketches of one summary, and their characters; what is beyond waits for the next. */
export const MAX_SENT = 2_000;
export const MAX_SENT_CHARACTERS = 262_144;
/** Flags times variants whose users are told apart at a time; each takes two kilobytes. */
export const MAX_SKETCHES = 5_000;
/** The server keeps hours apart, so each of them is told of everybody anew. */
const HOUR_MS = 3_600_000;

/** Whom a flag gave one variant, as a sketch (docs/reference/unique-users.md). */
export interface SentUsers {
  readonly flag: string;
  readonly variant: string | null;
  readonly sketch: string;
}

/** The users of one variant within an hour, and what of them the server does not know yet. */
export class VariantUsers {
  readonly flag: string;
  readonly variant: string | null;
  readonly #seeds: UserSeeds;
  readonly #registers = emptyRegisters();
  #raised: number[] = [];

  constructor(flag: string, variant: string | null) {
    this.flag = flag;
    this.variant = variant;
    this.#seeds = userSeedsOf(flag);
  }

  /** Called with every evaluation: who was met before costs two hashes that mostly exist already, and nothing else. */
  meet(key: string): void {
    hashUser(key, this.#seeds);
    const raised = observe(this.#registers, userHash[0] ?? 0, userHash[1] ?? 0);
    if (raised !== -1) this.#raised.push(raised);
  }

  merge(others: Registers): void {
    for (const index of mergeInto(this.#registers, others)) this.#raised.push(index);
  }

  /** What was taken and did not arrive. */
  tellAgain(others: Registers): void {
    mergeInto(this.#registers, others);
    for (const [index, rank] of others.entries()) if (rank > 0) this.#raised.push(index);
  }

  get isTold(): boolean {
    return this.#raised.length === 0;
  }

  /** What was raised since the last time it was taken, as a sketch of its own. */
  take(): SentUsers {
    const news = emptyRegisters();
    for (const index of this.#raised) news[index] = this.#registers[index] ?? 0;
    this.#raised = [];
    return { flag: this.flag, variant: this.variant, sketch: writeSketch(news) };
  }
}

/**
 * How many different users each variant was given to, without a list of them. Only numbers made of hashes are held and
 * told, and nothing leaves before the server has said that it may.
 */
export class UserTally {
  #variants = new Map<string, VariantUsers>();
  #terms: 'unknown' | 'wanted' | 'unwanted' = 'unknown';
  #hour = 0;

  /** What the server says with every answer. */
  agree(wanted: boolean): void {
    this.#terms = wanted ? 'wanted' : 'unwanted';
    if (!wanted) this.#variants.clear();
  }

  /** Undefined where users are not told apart. */
  of(flag: string, variant: string | null): VariantUsers | undefined {
    if (this.#terms === 'unwanted') return undefined;
    const id = `${flag}\n${variant ?? ''}`;
    const known = this.#variants.get(id);
    if (known !== undefined || this.#variants.size >= MAX_SKETCHES) return known;
    const met = new VariantUsers(flag, variant);
    this.#variants.set(id, met);
    return met;
  }

  /** Merges what others have met, as a relay does; what is no sketch is left out. */
  add({ flag, variant, sketch }: SentUsers): void {
    const registers = readSketch(sketch);
    if (registers !== undefined) this.of(flag, variant)?.merge(registers);
  }

  get wanted(): boolean {
    return this.#terms === 'wanted';
  }

  get refused(): boolean {
    return this.#terms === 'unwanted';
  }

  get hasNews(): boolean {
    return this.wanted && [...this.#variants.values()].some(({ isTold }) => !isTold);
  }

  /** What one summary may tell. */
  take(now: number): readonly SentUsers[] {
    const items: SentUsers[] = [];
    let characters = 0;
    for (const users of this.wanted ? this.#variants.values() : []) {
      if (items.length >= MAX_SENT || characters > MAX_SENT_CHARACTERS) break;
      if (users.isTold) continue;
      const item = users.take();
      characters += item.sketch.length;
      items.push(item);
    }
    this.#startHour(now);
    return items;
  }

  /** These did not arrive. */
  untold(items: readonly SentUsers[]): void {
    for (const { flag, variant, sketch } of items) {
      const registers = readSketch(sketch);
      if (registers !== undefined) this.of(flag, variant)?.tellAgain(registers);
    }
  }

  /** Whoever comes again in a new hour counts in it; what still waits to be told goes first. */
  #startHour(now: number): void {
    const hour = Math.floor(now / HOUR_MS);
    if (hour === this.#hour) return;
    this.#variants = new Map([...this.#variants].filter(([, users]) => !users.isTold));
    this.#hour = hour;
  }
}
