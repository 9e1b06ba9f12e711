import { MAX_RANK, REGISTERS, type Registers } from './registers.ts';

const ALPHA = 1 / (2 * Math.log(2));

/**
 * How many different members the registers met: Ertl's improved estimator (Otmar Ertl: "New cardinality estimation
 * algorithms for HyperLogLog sketches", 2017, arXiv:1702.01284, algorithm 6). One formula from none to more than there are
 * people, without thresholds, tables or a switch to another estimator for few.
 */
export function estimate(registers: Registers): number {
  const counts = new Array<number>(MAX_RANK + 1).fill(0);
  for (const rank of registers) counts[rank] = (counts[rank] ?? 0) + 1;
  const share = (rank: number) => (counts[rank] ?? 0) / REGISTERS;
  let sum = saturated(1 - share(MAX_RANK));
  for (let rank = MAX_RANK - 1; rank >= 1; rank -= 1) sum = (sum + share(rank)) / 2;
  return Math.round((ALPHA * REGISTERS) / (sum + untouched(share(0))));
}

/** The paper's sigma: what registers that met nobody tell. Infinite when all of them are. */
function untouched(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let power = share;
  let weight = 1;
  let sum = share;
  for (let before = -1; before !== sum; ) {
    before = sum;
    power *= power;
    sum += power * weight;
    weight *= 2;
  }
  return sum;
}

/** The paper's tau: what registers tell that can be raised no further. */
function saturated(share: number): number {
  if (share === 0 || share === 1) return 0;
  let root = share;
  let weight = 1;
  let sum = 1 - share;
  for (let before = -1; before !== sum; ) {
    before = sum;
    root = Math.sqrt(root);
    weight /= 2;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
