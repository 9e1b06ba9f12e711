import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Principal } from '@spillway/core';
import type { Caller, Credential } from '../credentials.ts';
import type { Log } from '../log.ts';
import { RequestRefused } from '../problem.ts';
import { type Buckets, createBuckets } from './buckets.ts';
import { ClientAddresses } from './client-address.ts';

/** How often client keys may ask; anybody may hold one. */
export interface ClientLimits {
  /** Requests a second from one address; 0: as many as come. */
  readonly perAddress: number;
  /** Requests a second with one key, wherever they come from; 0: as many as come. */
  readonly perKey: number;
  /** Whose word in `X-Forwarded-For` counts: addresses, or networks such as `10.0.0.0/8`. */
  readonly trustedProxies: readonly string[];
}

export const CLIENT_LIMITS: ClientLimits = { perAddress: 50, perKey: 1_000, trustedProxies: [] };

/** What may come at once, in seconds of the rate: pages ask when they open, and then hardly ever. */
const BURST_SECONDS = 10;
const MAX_ADDRESSES = 100_000;
const MAX_KEYS = 10_000;

/** Who sent a request, as far as that is known. */
export interface Sender {
  readonly peer: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

export function senderOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): Sender {
  return { peer: socket.remoteAddress, headers };
}

export interface Limiter {
  /** Counts a request of a client key; refuses `rate_limited` when there were too many. Others are not counted. */
  admit(caller: Caller, sender: Sender): void;
  /** Whether it may be counted by the connection alone, and there is room for it; takes it if so. */
  admitsPeer(principal: Principal, secret: string, peer: string | undefined): boolean;
}

/**
 * An address comes first and what it is refused takes nothing of the key: what it may send is a small part of what the key
 * may, so nobody uses up a key that others show as well.
 */
export function createLimiter(limits: ClientLimits, log: Log): Limiter {
  const addresses = new ClientAddresses(limits.trustedProxies);
  const byAddress = bucketsOf(limits.perAddress, MAX_ADDRESSES);
  const byKey = bucketsOf(limits.perKey, MAX_KEYS);
  let isWarned = false;

  function taken(address: string, key: string): RequestRefused | undefined {
    const now = performance.now();
    const atAddress = byAddress?.take(address, now) ?? 0;
    if (atAddress > 0) return tooMany('your address', limits.perAddress, atAddress);
    const ofKey = byKey?.take(key, now) ?? 0;
    return ofKey > 0 ? tooMany('this client key', limits.perKey, ofKey) : undefined;
  }

  function warnOfProxy(peer: string): void {
    if (isWarned || byAddress === undefined) return;
    isWarned = true;
    log.warn(
      { peer },
      'X-Forwarded-For from a peer that is not trusted: everybody behind it is limited together. If it is your proxy, name it in SPILLWAY_TRUSTED_PROXIES',
    );
  }

  return {
    admit({ principal, credential }, { peer = '', headers }) {
      if (principal.kind !== 'client') return;
      const forwarded = headers['x-forwarded-for'];
      if (forwarded !== undefined && !addresses.isProxy(peer)) warnOfProxy(peer);
      const refused = taken(addresses.of(peer, forwarded), keyOf(credential));
      if (refused !== undefined) throw refused;
    },
    admitsPeer(principal, secret, peer = '') {
      if (principal.kind !== 'client') return true;
      if (addresses.isProxy(peer)) return false;
      return taken(addresses.of(peer, undefined), secret) === undefined;
    },
  };
}

function bucketsOf(perSecond: number, most: number): Buckets | undefined {
  return perSecond > 0 ? createBuckets({ perSecond, burst: Math.max(1, perSecond * BURST_SECONDS) }, most) : undefined;
}

/** A ticket is renewed every few minutes; the key it names stays. */
function keyOf({ via, secret }: Credential): string {
  return via === 'ticket' ? (secret.split('.')[0] ?? secret) : secret;
}

function tooMany(whose: string, perSecond: number, waitMs: number): RequestRefused {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new RequestRefused(
    'rate_limited',
    `There were too many requests of ${whose}: ${perSecond} a second are answered. Ask again in ${seconds} s.`,
    { headers: { 'retry-after': String(seconds) }, details: { limit_per_second: perSecond } },
  );
}
