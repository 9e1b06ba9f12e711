import type { FlagServe, Variant } from '../../documents.ts';

export interface Share {
  readonly variant: string;
  readonly percentage: number;
}

/** Percentages have at most three decimals; sums are made in thousandths so that they are exact. */
const PARTS = 1_000;
const WHOLE = 100 * PARTS;

const thousandths = (percentage: number) => Math.round(percentage * PARTS);

/** Every variant with its share; a plain variant has all of it. */
export function sharesOf(serve: FlagServe, variants: readonly Variant[]): readonly Share[] {
  return variants.map(({ name }) => ({
    variant: name,
    percentage:
      'variant' in serve
        ? serve.variant === name
          ? 100
          : 0
        : (('split' in serve ? serve.split : []).find((part) => part.variant === name)?.percentage ?? 0),
  }));
}

/** Changed shares as a split, its parts where they were: buckets are given out in their order, and another one would move people. */
export function inOrderOf(split: readonly Share[], changed: readonly Share[]): Share[] {
  const place = ({ variant }: Share) => {
    const at = split.findIndex((part) => part.variant === variant);
    return at === -1 ? split.length : at;
  };
  return changed.toSorted((a, b) => place(a) - place(b)).map(({ variant, percentage }) => ({ variant, percentage }));
}

/** What is missing to 100; negative when there is too much. */
export function missing(shares: readonly Share[]): number {
  return (WHOLE - shares.reduce((sum, share) => sum + thousandths(share.percentage), 0)) / PARTS;
}

/** Sets one share; with two variants the other takes the rest, with more the person balances them. */
export function withShare(shares: readonly Share[], variant: string, percentage: number): readonly Share[] {
  const wanted = Math.min(WHOLE, Math.max(0, thousandths(percentage)));
  const set = shares.map((share) => (share.variant === variant ? { variant, percentage: wanted / PARTS } : share));
  if (set.length !== 2) return set;
  return set.map((share) => (share.variant === variant ? share : { ...share, percentage: (WHOLE - wanted) / PARTS }));
}

/** Gives all variants the same share; the first takes what does not divide. */
export function evened(shares: readonly Share[]): readonly Share[] {
  const each = Math.floor(WHOLE / shares.length);
  const rest = WHOLE - each * shares.length;
  return shares.map(({ variant }, index) => ({ variant, percentage: (each + (index === 0 ? rest : 0)) / PARTS }));
}
