const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** MurmurHash3, the one of 32 bits for x86, as an unsigned number. `bytes` are taken at their low eight bits. */
export function murmur3Of(bytes: ArrayLike<number>, seed: number): number {
  const { length } = bytes;
  const whole = length & ~3;
  let hash = seed | 0;
  for (let at = 0; at < whole; at += 4) {
    hash ^= mixed(
      byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24),
    );
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let at = length - 1; at >= whole; at -= 1) rest = (rest << 8) | byte(bytes, at);
  return finished(hash ^ mixed(rest) ^ length);
}

function finished(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mixed(word: number): number {
  const spread = Math.imul(word, C1);
  return Math.imul((spread << 15) | (spread >>> 17), C2);
}

function byte(bytes: ArrayLike<number>, at: number): number {
  return (bytes[at] ?? 0) & 0xff;
}

/** One byte for each UTF-16 unit, its upper half cut off: how some products' SDKs hash text that is not ASCII. */
export function lowBytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/**
 * As the package `imurmurhash` computes it over UTF-16 units: a unit above 255 reaches into the byte after it, and a rest
 * of one to three units that comes out negative is passed over. For ASCII it is MurmurHash3.
 */
export function murmur3OfUnits(text: string): number {
  const { length } = text;
  const whole = length & ~3;
  let hash = 0;
  for (let at = 0; at < whole; at += 4) {
    const last = text.charCodeAt(at + 3);
    hash ^= mixed(unitsOf(text, at, 3) ^ ((last & 0xff) << 24) ^ (last >> 8));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  const rest = unitsOf(text, whole, length - whole);
  return finished((rest > 0 ? hash ^ mixed(rest) : hash) ^ length);
}

function unitsOf(text: string, at: number, count: number): number {
  let word = 0;
  for (let index = 0; index < count; index += 1) word ^= text.charCodeAt(at + index) << (8 * index);
  return word;
}
