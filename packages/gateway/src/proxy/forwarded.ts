import type { ReceivedHead } from '../clients/request-parser.ts';
import type { RequestHead } from './head.ts';

/** How this gateway names itself in Via. */
export const PSEUDONYM = 'spillway';

/** As often may a request have passed a gateway before it is taken for a loop. */
export const PASSES_MAX = 8;

const NO_HOST = 'localhost';

/**
 * Names that speak to the next hop only, and those a proxy has to answer for itself; by length, so that most header lines
 * are let through on one comparison.
 */
const HOP_BY_HOP = byLength([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const NOT_PASSED_ON = byLength([
  'expect',
  'http2-settings',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'forwarded',
  'host',
]);

function byLength(names: readonly string[]): readonly (readonly string[] | undefined)[] {
  const table: string[][] = [];
  for (const name of names) {
    const same = table[name.length] ?? [];
    table[name.length] = same;
    same.push(name);
  }
  return table;
}

/** Header lines for the instance, or `loop` when the request has come by too often. */
export function forwardedHeaders(
  received: ReceivedHead,
  head: RequestHead,
  clientAddress: string,
  trustForwarded: boolean,
): string[] | 'loop' {
  const raw = received.lines;
  // An HTTP/1.0 client may leave the host out; to the instance HTTP/1.1 is spoken, which needs one.
  const headers: string[] = ['Host', head.host === '' ? NO_HOST : head.host];
  let via = '';
  let forwardedFor = '';
  let forwardedHost = head.host;
  let forwardedProto = 'http';
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const value = raw[i + 1] ?? '';
    const special = NOT_PASSED_ON[name.length];
    const hop = HOP_BY_HOP[name.length];
    if (special || hop || head.connection) {
      const lower = name.toLowerCase();
      if (special?.includes(lower)) {
        if (lower === 'via') via = joined(via, value);
        if (!trustForwarded) continue;
        if (lower === 'x-forwarded-for') forwardedFor = joined(forwardedFor, value);
        else if (lower === 'x-forwarded-host') forwardedHost = value;
        else if (lower === 'x-forwarded-proto') forwardedProto = value;
        else if (lower === 'forwarded') headers.push(name, value);
        continue;
      }
      if (hop?.includes(lower) || head.connection?.includes(lower)) continue;
    }
    headers.push(name, value);
  }
  if (via !== '' && via.split(PSEUDONYM).length > PASSES_MAX) return 'loop';
  headers.push(
    'X-Forwarded-For',
    joined(forwardedFor, clientAddress),
    'X-Forwarded-Proto',
    forwardedProto,
    'Via',
    joined(via, received.versionMinor === 0 ? `1.0 ${PSEUDONYM}` : `1.1 ${PSEUDONYM}`),
  );
  if (forwardedHost !== '') headers.push('X-Forwarded-Host', forwardedHost);
  return headers;
}

/** Header lines for the client, without those that were meant for this gateway. */
export function answeredHeaders(raw: readonly string[], status: number): string[] {
  const headers: string[] = [];
  let listed: readonly string[] | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const hop = HOP_BY_HOP[name.length];
    if (hop) {
      const lower = name.toLowerCase();
      if (hop.includes(lower)) {
        if (lower === 'connection') listed = [...(listed ?? []), ...namesIn(raw[i + 1] ?? '')];
        continue;
      }
    }
    headers.push(name, raw[i + 1] ?? '');
  }
  if (status === 204) listed = [...(listed ?? []), 'content-length'];
  return listed === undefined || listed.length === 0 ? headers : without(headers, listed);
}

/** Trailer fields that would speak of framing, routing or trust after the fact (RFC 9110, 6.5.1). */
const FORBIDDEN_TRAILERS = new Set([
  'content-length',
  'transfer-encoding',
  'trailer',
  'host',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'content-encoding',
  'content-type',
  'content-range',
  'set-cookie',
  'authorization',
  'www-authenticate',
  'cache-control',
]);

export function passedTrailers(raw: readonly string[]): string[] {
  const passed: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (!FORBIDDEN_TRAILERS.has(name.toLowerCase())) passed.push(name, raw[i + 1] ?? '');
  }
  return passed;
}

/** Request line and header lines as they go over the wire. */
export function headText(method: string, path: string, headers: readonly string[], isChunked: boolean): string {
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return isChunked ? `${text}Transfer-Encoding: chunked\r\n\r\n` : `${text}\r\n`;
}

function namesIn(value: string): readonly string[] {
  const lower = value.toLowerCase();
  if (lower === 'keep-alive' || lower === 'close') return [];
  return lower
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'content-length');
}

function without(headers: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (!names.includes(name.toLowerCase())) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}

function joined(list: string, value: string): string {
  return list === '' ? value : `${list}, ${value}`;
}
