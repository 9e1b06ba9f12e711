import type { IncomingHttpHeaders } from 'node:http';
import type { Auth } from '@spillway/contract';
import type { Control } from '@spillway/control';
import type { Principal } from '@spillway/core';
import { RequestRefused } from './problem.ts';

/** How this server is reached; decides the cookie's name and what counts as the same origin. */
export interface Site {
  /** E.g. `https://spillway.example.org`; undefined: plain HTTP under whatever host the request names. */
  readonly publicOrigin: string | undefined;
  /** Whether its pages may call the doors for browsers, in this environment or, without one, in any. */
  readonly allowsOrigin: (origin: string, environment?: string) => boolean;
}

/** What a caller showed, and who that is. Kept by streams to ask again later. */
export interface Credential {
  readonly secret: string;
  readonly via: 'token' | 'session' | 'ticket';
}

export interface Caller {
  readonly principal: Principal;
  readonly credential: Credential;
}

/** What a request shows of who sent it. */
export interface Showing {
  readonly request: { readonly method: string; readonly headers: IncomingHttpHeaders };
  /** From the query, where the route takes one. */
  readonly ticket: string | undefined;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const MAX_SECRET_LENGTH = 1_024;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="spillway"' };

/**
 * Lets a request through to a route, or refuses it. `public` routes get no caller; every other value of `auth` wants
 * one of the kind it names, so a value this function does not know lets nobody in.
 */
export async function authorise(
  auth: Auth,
  { request, ticket }: Showing,
  control: Control,
  site: Site,
): Promise<Caller | undefined> {
  if (auth === 'public') return undefined;
  const credential = shown(request.headers, site, ticket);
  if (credential === undefined) {
    throw new RequestRefused('unauthenticated', 'Send a token as `Authorization: Bearer <token>`, or sign in.', {
      headers: CHALLENGE,
      fields: [{ field: 'Authorization', message: 'is missing' }],
    });
  }
  if (credential.via === 'session') refuseForeignPages(request, site, true);
  const principal = await lookUp(credential, control);
  if (principal === undefined) {
    const { what, field, remedy } = SHOWN[credential.via];
    throw new RequestRefused('unauthenticated', `${what} is unknown, expired or revoked; ${remedy}.`, {
      headers: CHALLENGE,
      fields: [{ field, message: 'is unknown, expired or revoked' }],
    });
  }
  if (!admits(auth, principal.kind)) {
    throw new RequestRefused('forbidden', `This needs ${NEEDED[auth]}; yours is ${KIND[principal.kind]}.`, {
      fields: [{ field: 'Authorization', message: `must be ${NEEDED[auth]}` }],
    });
  }
  return { principal, credential };
}

const SHOWN = {
  token: { what: 'The token', field: 'Authorization', remedy: 'get a new one' },
  session: { what: 'The session', field: 'Cookie', remedy: 'get a new one' },
  ticket: { what: 'The ticket', field: '?ticket', remedy: 'evaluating all flags brings a new one' },
} as const;

const KIND = { admin: 'an admin token or session', sdk: 'an SDK key', client: 'a client key' } as const;
const NEEDED = {
  ...KIND,
  admin_or_sdk: 'an SDK key or an admin token',
  sdk_or_client: 'an SDK key or a client key',
} as const;

const ADMITTED: Readonly<Record<Exclude<Auth, 'public'>, readonly Principal['kind'][]>> = {
  admin: ['admin'],
  sdk: ['sdk'],
  client: ['client'],
  admin_or_sdk: ['admin', 'sdk'],
  sdk_or_client: ['sdk', 'client'],
};

/** Whether this is a word for who may call a route; anything else lets nobody in. */
export function isAuth(auth: string | undefined): auth is Auth {
  return auth !== undefined && (auth === 'public' || Object.hasOwn(ADMITTED, auth));
}

/** Whether a caller of this kind may use a route. */
export function admits(auth: Auth, kind: Principal['kind']): boolean {
  return auth === 'public' || (isAuth(auth) && ADMITTED[auth].includes(kind));
}

function lookUp({ via, secret }: Credential, { access }: Control): Promise<Principal | undefined> {
  if (via === 'ticket') return access.authenticateTicket(secret);
  return via === 'token' ? access.authenticate(secret) : access.authenticateSession(secret);
}

/** Who it was that showed this; undefined once it counts no longer. A ticket is there to be shown once and may run out later. */
export function identify(credential: Credential, control: Control): Promise<Principal | undefined> {
  return credential.via === 'ticket' ? control.access.ticketHolder(credential.secret) : lookUp(credential, control);
}

/** A bearer token wins over the rest, and a broken one is not passed over in favour of it. */
function shown(headers: IncomingHttpHeaders, site: Site, ticket: string | undefined): Credential | undefined {
  if (headers.authorization !== undefined) {
    const [, secret] = /^Bearer +([\x21-\x7e]+) *$/i.exec(headers.authorization) ?? [];
    if (secret === undefined || secret.length > MAX_SECRET_LENGTH) {
      throw new RequestRefused('unauthenticated', 'The header must be `Authorization: Bearer <token>`.', {
        headers: CHALLENGE,
        fields: [{ field: 'Authorization', message: 'must be `Bearer <token>`' }],
      });
    }
    return { secret, via: 'token' };
  }
  if (ticket !== undefined) return { secret: ticket, via: 'ticket' };
  const secret = cookie(headers.cookie ?? '', sessionCookieName(site));
  return secret === undefined ? undefined : { secret, via: 'session' };
}

function cookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const cut = pair.indexOf('=');
    if (pair.slice(0, cut).trim() !== name) continue;
    const value = pair.slice(cut + 1).trim();
    return /^[A-Za-z0-9._~-]{1,1024}$/.test(value) ? value : undefined;
  }
  return undefined;
}

function isHttps(site: Site): boolean {
  return site.publicOrigin?.startsWith('https:') === true;
}

/** The prefix binds the cookie to exactly this host, and browsers honour it on HTTPS alone. */
export function sessionCookieName(site: Site): string {
  return isHttps(site) ? '__Host-spillway_session' : 'spillway_session';
}

export function sessionCookie(site: Site, secret: string, expiresAtMs: number): string {
  const expires = new Date(expiresAtMs).toUTCString();
  return `${sessionCookieName(site)}=${secret}; Path=/; Expires=${expires}; HttpOnly; SameSite=Strict${isHttps(site) ? '; Secure' : ''}`;
}

/**
 * A page of another site must not act with this browser's session. Every browser says where a request comes from, in
 * `Sec-Fetch-Site` or at least in `Origin`; with `mustProve`, a write that says neither is refused too.
 */
export function refuseForeignPages(
  request: { readonly method: string; readonly headers: IncomingHttpHeaders },
  site: Site,
  mustProve: boolean,
): void {
  const { origin, host } = request.headers;
  const fetchSite = request.headers['sec-fetch-site'];
  const safe = SAFE_METHODS.has(request.method);
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && !(safe && fetchSite === 'none')) throw foreign();
  if (origin !== undefined && !isOwnOrigin(origin, host, site)) throw foreign();
  if (mustProve && !safe && fetchSite === undefined && origin === undefined) throw foreign();
}

export function isOwnOrigin(origin: string, host: string | undefined, site: Site): boolean {
  if (site.publicOrigin !== undefined) return origin === site.publicOrigin;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

function foreign(): RequestRefused {
  return new RequestRefused(
    'forbidden',
    'A session may be used from the dashboard of this server only; other programs send a token.',
    { fields: [{ field: 'Origin', message: 'is not this server' }] },
  );
}
