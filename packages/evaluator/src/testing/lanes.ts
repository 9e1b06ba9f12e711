/** docs/reference/bucketing.md, section 2, written down once more; both lanes as signed integers. */
export function lanesOf(bytes: Uint8Array): readonly number[] {
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  for (let at = 0; at < bytes.length; at += 4) {
    const w = [0, 1, 2, 3].reduce((word, place) => word | ((bytes[at + place] ?? 0) << (8 * place)), 0);
    a = Math.imul(a ^ w, 0xcc9e2d51);
    a ^= a >>> 15;
    b = Math.imul(((b << 11) | (b >>> 21)) ^ w, 0x9e3779b1);
    b ^= b >>> 13;
  }
  return [a ^ bytes.length, b ^ bytes.length];
}
