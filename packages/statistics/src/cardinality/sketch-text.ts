import { emptyRegisters, MAX_RANK, mergeInto, REGISTERS, type Registers } from './registers.ts';

/** RFC 4648's base64url, used as digits: letters that JSON, SQL and addresses leave alone. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));
const SPARSE = 's';
const DENSE = 'd';
/** Two digits say which register, one its rank. */
const MARK_LENGTH = 3;

/** Of a sketch as text, however many it met. */
export const MAX_SKETCH_LENGTH = 1 + REGISTERS;

/**
 * A sketch as text: `s` and three digits for each register that is not zero, in order, or `d` and one digit for every
 * register, whichever is shorter. The same registers always make the same text.
 */
export function writeSketch(registers: Registers): string {
  let sparse = SPARSE;
  for (let index = 0; index < REGISTERS; index += 1) {
    const rank = registers[index] ?? 0;
    if (rank === 0) continue;
    sparse += digit(index >>> 6) + digit(index & 63) + digit(rank);
    if (sparse.length > MAX_SKETCH_LENGTH) return DENSE + Array.from(registers, digit).join('');
  }
  return sparse;
}

/** Undefined for what no sketch is written as. */
export function readSketch(text: string): Registers | undefined {
  if (text.startsWith(SPARSE)) return readSparse(text);
  return text.startsWith(DENSE) && text.length === MAX_SKETCH_LENGTH ? readDense(text) : undefined;
}

/** Both as one; throws for what is no sketch. */
export function mergeSketches(one: string, other: string): string {
  const [registers, others] = [readSketch(one), readSketch(other)];
  if (registers === undefined || others === undefined) throw new TypeError('Only sketches can be merged.');
  return mergeInto(registers, others).length === 0 ? one : writeSketch(registers);
}

function readSparse(text: string): Registers | undefined {
  if (text.length > MAX_SKETCH_LENGTH || (text.length - 1) % MARK_LENGTH !== 0) return undefined;
  const registers = emptyRegisters();
  let before = -1;
  for (let at = 1; at < text.length; at += MARK_LENGTH) {
    const index = valueAt(text, at) * 64 + valueAt(text, at + 1);
    const rank = valueAt(text, at + 2);
    if (!(index > before && index < REGISTERS && rank >= 1 && rank <= MAX_RANK)) return undefined;
    registers[index] = rank;
    before = index;
  }
  return registers;
}

function readDense(text: string): Registers | undefined {
  const registers = emptyRegisters();
  for (let index = 0; index < REGISTERS; index += 1) {
    const rank = valueAt(text, index + 1);
    if (!(rank <= MAX_RANK)) return undefined;
    registers[index] = rank;
  }
  return registers;
}

function digit(value: number): string {
  return DIGITS.charAt(value);
}

/** Not a number where no digit stands, which is neither more nor less than any bound. */
function valueAt(text: string, at: number): number {
  return VALUES.get(text.charAt(at)) ?? Number.NaN;
}
