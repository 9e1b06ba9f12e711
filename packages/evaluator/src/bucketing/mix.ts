/** Spreads every bit of a 32-bit integer over all of them; the finaliser of `spillway-1`, whose constants it shares. */
export function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}
