/** A stream of choices that a seed decides. */
export interface Random {
  /** From 0 up to, but without, `below`. */
  readonly whole: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly some: <T>(items: readonly T[], most: number) => T[];
  readonly times: <T>(most: number, make: (index: number) => T) => T[];
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (below: number) => Math.floor(next() * below);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[whole(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  return {
    whole,
    chance: (probability) => next() < probability,
    pick,
    some: (items, most) => Array.from({ length: whole(most + 1) }, () => pick(items)),
    times: (most, make) => Array.from({ length: whole(most + 1) }, (_, index) => make(index)),
  };
}
