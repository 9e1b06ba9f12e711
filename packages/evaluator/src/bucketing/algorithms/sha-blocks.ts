const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const WORD = 2 ** 32;

/** The message of SHA-1 and SHA-256 in blocks of sixteen big-endian words, padded with its length (FIPS 180-4, 5.1.1). */
export function padded(bytes: readonly number[]): Int32Array {
  const blocks = Math.ceil((bytes.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const words = new Int32Array(blocks * 16);
  [...bytes, 0x80].forEach((byte, at) => {
    words[at >> 2] = (words[at >> 2] ?? 0) | (byte << (24 - (at & 3) * 8));
  });
  const bits = bytes.length * 8;
  words[words.length - 2] = Math.floor(bits / WORD);
  words[words.length - 1] = bits | 0;
  return words;
}
