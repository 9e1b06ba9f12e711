import { randomUUID } from 'node:crypto';
import { bucketOf } from '@spillway/evaluator';
import type { HeaderLines } from '../llhttp/header-lines.ts';
import { hasOneVersion, type ServiceState, type VersionState, versionAt } from '../routes/services.ts';
import type { RequestHead } from './head.ts';

/** Longer keys are told apart by their first characters only. */
const KEY_LENGTH_MAX = 512;

export interface Choice {
  readonly version: VersionState;
  /** A cookie line for a user who had no key. */
  readonly setCookie: string | undefined;
}

/** The version this user stays on: by the configured header, else the cookie, else a new random id. */
export function chooseVersion(service: ServiceState, head: RequestHead, lines: HeaderLines): Choice | undefined {
  const known = userKey(service, head, lines);
  const key = known ?? randomUUID();
  const version = hasOneVersion(service)
    ? service.slices[0]?.version
    : versionAt(service, bucketOf(key, service.route.seed));
  if (!version) return undefined;
  const setCookie = known === undefined ? `${service.stickyCookie}=${key}; Path=/; HttpOnly; SameSite=Lax` : undefined;
  return { version, setCookie };
}

function userKey(service: ServiceState, head: RequestHead, lines: HeaderLines): string | undefined {
  const header = service.stickyHeader === undefined ? undefined : headerValue(lines, service.stickyHeader);
  if (header !== undefined && header !== '') return header.slice(0, KEY_LENGTH_MAX);
  const cookie = head.cookies === undefined ? undefined : cookieValue(head.cookies, service.stickyCookie);
  return cookie === undefined || cookie === '' ? undefined : cookie.slice(0, KEY_LENGTH_MAX);
}

function headerValue(lines: HeaderLines, lowerName: string): string | undefined {
  for (let i = 0; i < lines.count; i++) if (lines.isNamed(i, lowerName)) return lines.value(i);
  return undefined;
}

/** The first cookie of that name, as browsers send the most specific one first. */
export function cookieValue(cookies: string, name: string): string | undefined {
  let from = 0;
  while (from < cookies.length) {
    const semicolon = cookies.indexOf(';', from);
    const end = semicolon === -1 ? cookies.length : semicolon;
    while (cookies.charCodeAt(from) === 0x20) from += 1;
    if (cookies.startsWith(name, from) && cookies.charCodeAt(from + name.length) === 0x3d) {
      return cookies.slice(from + name.length + 1, end).trim();
    }
    from = end + 1;
  }
  return undefined;
}
