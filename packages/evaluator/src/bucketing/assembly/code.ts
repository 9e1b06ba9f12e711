/** As much of WebAssembly's instructions as one hash takes, on 32-bit integers; encoded as the specification's chapter "Binary Format" says. */
export type Code = readonly number[];

export const local = (index: number): Code => [0x20, ...unsigned(index)];
export const put = (index: number, value: Code): Code => [...value, 0x21, ...unsigned(index)];
export const store = (place: number, value: Code): Code => [...constant(place), ...value, 0x36, 2, 0];
export const call = (index: number, ...values: readonly Code[]): Code => [...values.flat(), 0x10, ...unsigned(index)];

export const constant = (value: number): Code => [0x41, ...signed(value | 0)];
export const sum = (one: Code, other: Code): Code => [...one, ...other, 0x6a];
export const product = (one: Code, other: Code): Code => [...one, ...other, 0x6c];
export const and = (one: Code, other: Code): Code => [...one, ...other, 0x71];
export const or = (one: Code, other: Code): Code => [...one, ...other, 0x72];
export const xor = (one: Code, other: Code): Code => [...one, ...other, 0x73];
export const left = (value: Code, by: Code): Code => [...value, ...by, 0x74];
export const right = (value: Code, by: Code): Code => [...value, ...by, 0x76];
export const turnedLeft = (value: Code, by: Code): Code => [...value, ...by, 0x77];
export const isZero = (value: Code): Code => [...value, 0x45];
export const isLess = (one: Code, other: Code): Code => [...one, ...other, 0x48];

const NOTHING = 0x40;
const END = 0x0b;

export const when = (condition: Code, body: Code): Code => [...condition, 0x04, NOTHING, ...body, END];
/** Asks before each round. */
export const whilst = (condition: Code, body: Code): Code =>
  when(condition, [0x03, NOTHING, ...body, ...condition, 0x0d, 0, END]);

export const end: Code = [END];

/** LEB128, as all whole numbers of the format. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
