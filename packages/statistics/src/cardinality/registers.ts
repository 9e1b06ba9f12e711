/**
 * A HyperLogLog sketch (Flajolet, Fusy, Gandouet, Meunier: "HyperLogLog: the analysis of a near-optimal cardinality
 * estimation algorithm", AofA 2007): of everyone it met, the longest run of zeros per register. It cannot be asked who that
 * was, meeting somebody again changes nothing, and sketches merge by the larger of each register, in any order.
 */
export type Registers = Uint8Array;

const INDEX_BITS = 11;
export const REGISTERS = 2 ** INDEX_BITS;
/** Runs of zeros are told apart up to 30; with 2,048 registers that does for some 10^12 members. */
export const MAX_RANK = 31;
/** Of an estimate, relative to it: one standard deviation. Of few members it is far smaller. */
export const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

export function emptyRegisters(): Registers {
  return new Uint8Array(REGISTERS);
}

/** `high` and `low` are two independent 32-bit hashes of one member. Answers the register that this raised, or -1. */
export function observe(registers: Registers, high: number, low: number): number {
  const index = high >>> (32 - INDEX_BITS);
  const rank = Math.min(Math.clz32(low) + 1, MAX_RANK);
  if (rank <= (registers[index] ?? MAX_RANK)) return -1;
  registers[index] = rank;
  return index;
}

/** Raises `registers` to what `others` know beyond it, and answers which registers that changed. */
export function mergeInto(registers: Registers, others: Registers): readonly number[] {
  const raised: number[] = [];
  for (let index = 0; index < REGISTERS; index += 1) {
    const rank = others[index] ?? 0;
    if (rank <= (registers[index] ?? MAX_RANK)) continue;
    registers[index] = rank;
    raised.push(index);
  }
  return raised;
}
