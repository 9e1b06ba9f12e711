import { BlockList, isIP } from 'node:net';

/** Some addresses in a row, such as `10.0.0.0/8` or `192.0.2.7`. */
interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** How many hops of `X-Forwarded-For` are looked at, from the nearest; more than any row of proxies has. */
const MAX_HOPS = 32;
/** Of an IPv6 address: a household has as many as it likes behind these bits. */
const NETWORK_BITS = 64;

export function isNetwork(text: string): boolean {
  return readNetwork(text) !== undefined;
}

/**
 * Finds out whom a request came from. What `X-Forwarded-For` says counts only as far as proxies said it that are trusted:
 * read from the nearest hop, it ends at the first address that is none of theirs.
 */
export class ClientAddresses {
  readonly #trusted = new BlockList();

  constructor(trustedProxies: readonly string[]) {
    for (const text of trustedProxies) {
      const network = readNetwork(text);
      if (network === undefined) throw new TypeError(`${text} is neither an address nor a network such as 10.0.0.0/8`);
      this.#trusted.addSubnet(network.address, network.bits, network.family);
    }
  }

  isProxy(address: string): boolean {
    const bare = plain(address);
    const family = isIP(bare);
    return family !== 0 && this.#trusted.check(bare, family === 4 ? 'ipv4' : 'ipv6');
  }

  /** The name that whoever sent the request is counted under. `peer` is the other end of the connection. */
  of(peer: string, forwardedFor: string | readonly string[] | undefined): string {
    let nearest = plain(peer);
    if (!this.isProxy(nearest)) return network(nearest);
    const hops = String(forwardedFor ?? '')
      .split(',')
      .slice(-MAX_HOPS);
    for (const hop of hops.reverse()) {
      const address = plain(hop.trim());
      // Behind what is no address nothing is to be believed.
      if (isIP(address) === 0) break;
      nearest = address;
      if (!this.isProxy(address)) break;
    }
    return network(nearest);
  }
}

/** Without the form in which IPv6 writes IPv4, and without brackets and port. */
function plain(address: string): string {
  const [, inBrackets] = /^\[([^\]]+)\](?::\d+)?$/.exec(address) ?? [];
  const [, withoutPort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address) ?? [];
  return (inBrackets ?? withoutPort ?? address).replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

function network(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')];
  return `${all
    .slice(0, NETWORK_BITS / 16)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::`;
}

function readNetwork(text: string): Network | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return undefined;
  const most = family === 4 ? 32 : 128;
  if (bits !== undefined && (!/^[0-9]{1,3}$/.test(bits) || Number(bits) > most)) return undefined;
  return { address, bits: bits === undefined ? most : Number(bits), family: family === 4 ? 'ipv4' : 'ipv6' };
}
