/** An address with the size of the network that it is written with, as groups of bits, the highest first. */
export interface Address {
  readonly groups: readonly number[];
  /** Of one group. */
  readonly width: 8 | 16;
  /** Bits of the network: all of them, unless a `/` says otherwise. */
  readonly mask: number;
}

const V4_LONGEST = 15;
const V6_LONGEST = 45;
const V6_GROUPS = 8;
const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const HEXTET = /^[0-9a-f]{1,4}$/i;

/** An IPv4 address in four decimal numbers without leading zeros, alone or with `/0` to `/32`. */
export function parseV4(text: string): Address | undefined {
  const { rest, mask } = withoutMask(text, /\/\d{1,2}$/, 32);
  if (mask === undefined || rest.length > V4_LONGEST) return undefined;
  const groups = octetsOf(rest);
  return groups === undefined ? undefined : { groups, width: 8, mask };
}

/** An IPv6 address, alone or with `/0` to `/128`; its zone is passed over, its end may be an IPv4 address. */
export function parseV6(text: string): Address | undefined {
  const { rest, mask } = withoutMask(text, /\/\d{1,3}(?=%|$)/, 128);
  if (mask === undefined || rest.includes('/')) return undefined;
  const zone = rest.indexOf('%');
  const plain = zone === -1 || /[\n\r\u2028\u2029]/.test(rest) ? rest : rest.slice(0, zone);
  if (plain.length > V6_LONGEST) return undefined;
  const groups = hextetsOf(plain);
  return groups === undefined ? undefined : { groups, width: 16, mask };
}

/** Whether the network that `inner` stands for lies wholly inside that of `outer`. */
export function isInside(inner: Address, outer: Address): boolean {
  if (inner.width !== outer.width || inner.mask < outer.mask) return false;
  return outer.groups.every((group, index) => {
    const bits = Math.min(Math.max(outer.mask - index * outer.width, 0), outer.width);
    return bits === 0 || ((inner.groups[index] ?? 0) ^ group) >>> (outer.width - bits) === 0;
  });
}

/** Whether both are one address, whatever their networks. */
export function isSameAddress(one: Address, other: Address): boolean {
  return one.width === other.width && one.groups.every((group, index) => group === other.groups[index]);
}

function withoutMask(text: string, pattern: RegExp, most: number): { rest: string; mask: number | undefined } {
  const [found] = pattern.exec(text) ?? [];
  if (found === undefined) return { rest: text, mask: most };
  const mask = Number(found.slice(1));
  return { rest: text.replace(pattern, ''), mask: mask > most ? undefined : mask };
}

function octetsOf(text: string): number[] | undefined {
  const parts = text.split('.');
  const octets = parts.map(Number);
  return parts.length === 4 && parts.every((part) => OCTET.test(part)) && octets.every((octet) => octet < 256)
    ? octets
    : undefined;
}

function hextetsOf(text: string): number[] | undefined {
  const halves = unfolded(text)?.split('::');
  if (halves === undefined || halves.length > 2) return undefined;
  const [first = '', second] = halves;
  const head = first === '' && second !== undefined ? [] : first.split(':');
  const tail = second === undefined || second === '' ? [] : second.split(':');
  const missing = V6_GROUPS - head.length - tail.length;
  if (second === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill('0'), ...tail];
  return groups.every((group) => HEXTET.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : undefined;
}

/** With an IPv4 address at the end written as two groups. */
function unfolded(text: string): string | undefined {
  const start = text.lastIndexOf(':') + 1;
  const last = text.slice(start);
  if (!last.includes('.')) return text;
  const [a = 0, b = 0, c = 0, d = 0] = octetsOf(last) ?? [];
  return octetsOf(last) === undefined
    ? undefined
    : `${text.slice(0, start)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
