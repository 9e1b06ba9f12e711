import type { ReceivedHead } from '../clients/request-parser.ts';
import type { HeaderLines } from '../llhttp/header-lines.ts';
import type { RequestHead } from './head.ts';

/** How this gateway names itself in Via. */
export const PSEUDONYM = 'spillway';

/** As often may a request have passed a gateway before it is taken for a loop. */
export const PASSES_MAX = 8;

const NO_HOST = 'localhost';
const VIA = `1.1 ${PSEUDONYM}`;
const OLD_VIA = `1.0 ${PSEUDONYM}`;

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

/** Header lines for the instance as they go over the wire, or `loop` when the request has come by too often. */
export function forwardedHeaders(
  { lines, versionMinor }: ReceivedHead,
  head: RequestHead,
  clientAddress: string,
  trustForwarded: boolean,
): string | 'loop' {
  const told = new Told(head.host);
  // An HTTP/1.0 client may leave the host out; to the instance HTTP/1.1 is spoken, which needs one.
  let text = `Host: ${head.host === '' ? NO_HOST : head.host}\r\n`;
  let from = 0;
  for (let i = 0; i < lines.count; i++) {
    const special = among(lines, i, NOT_PASSED_ON);
    if (special !== undefined) {
      told.take(special, lines.value(i), trustForwarded);
      if (trustForwarded && special === 'forwarded') continue;
    } else if (among(lines, i, HOP_BY_HOP) === undefined && !isListed(lines, i, head.connection)) {
      continue;
    }
    text += lines.text(from, i);
    from = i + 1;
  }
  if (told.via !== '' && told.via.split(PSEUDONYM).length > PASSES_MAX) return 'loop';
  const forwardedFor = joined(told.forwardedFor, clientAddress);
  const via = joined(told.via, versionMinor === 0 ? OLD_VIA : VIA);
  text += lines.text(from);
  text += `X-Forwarded-For: ${forwardedFor}\r\nX-Forwarded-Proto: ${told.forwardedProto}\r\nVia: ${via}\r\n`;
  return told.forwardedHost === '' ? text : `${text}X-Forwarded-Host: ${told.forwardedHost}\r\n`;
}

type ByLength = ReturnType<typeof byLength>;

function among(lines: HeaderLines, line: number, names: ByLength): string | undefined {
  const same = names[lines.nameLength(line)];
  return same && lines.nameAmong(line, same);
}

function isListed(lines: HeaderLines, line: number, listed: readonly string[] | undefined): boolean {
  return listed !== undefined && lines.nameAmong(line, listed) !== undefined;
}

/** What a request says of its way here. */
class Told {
  via = '';
  forwardedFor = '';
  forwardedProto = 'http';
  forwardedHost: string;

  constructor(host: string) {
    this.forwardedHost = host;
  }

  take(lowerName: string, value: string, trustForwarded: boolean): void {
    if (lowerName === 'via') this.via = joined(this.via, value);
    if (!trustForwarded) return;
    if (lowerName === 'x-forwarded-for') this.forwardedFor = joined(this.forwardedFor, value);
    else if (lowerName === 'x-forwarded-host') this.forwardedHost = value;
    else if (lowerName === 'x-forwarded-proto') this.forwardedProto = value;
  }
}

/** Header lines of an answer as they go over the wire, and which of them need not be added. */
export interface AnsweredHead {
  readonly text: string;
  readonly hasLength: boolean;
  readonly hasDate: boolean;
}

/** Header lines for the client, without those that were meant for this gateway. */
export function answeredHeaders(lines: HeaderLines, status: number): AnsweredHead {
  const listed = status === 204 ? [...(namesListed(lines) ?? []), 'content-length'] : namesListed(lines);
  let text = '';
  let from = 0;
  let hasLength = false;
  let hasDate = false;
  for (let i = 0; i < lines.count; i++) {
    if (among(lines, i, HOP_BY_HOP) === undefined && !isListed(lines, i, listed)) {
      hasLength ||= lines.isNamed(i, 'content-length');
      hasDate ||= lines.isNamed(i, 'date');
      continue;
    }
    text += lines.text(from, i);
    from = i + 1;
  }
  return { text: text + lines.text(from), hasLength, hasDate };
}

/** Lower-case names that the Connection lines of an answer list. */
function namesListed(lines: HeaderLines): readonly string[] | undefined {
  let listed: readonly string[] | undefined;
  for (let i = 0; i < lines.count; i++) {
    if (lines.isNamed(i, 'connection')) listed = [...(listed ?? []), ...namesIn(lines.value(i))];
  }
  return listed;
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

export function passedTrailers(lines: HeaderLines): string {
  let passed = '';
  for (let i = 0; i < lines.count; i++) {
    if (!FORBIDDEN_TRAILERS.has(lines.name(i).toLowerCase())) passed += lines.text(i, i + 1);
  }
  return passed;
}

/** Request line and header lines as they go over the wire. */
export function headText(method: string, path: string, headers: string, isChunked: boolean): string {
  const text = `${method} ${path} HTTP/1.1\r\n${headers}`;
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

function joined(list: string, value: string): string {
  return list === '' ? value : `${list}, ${value}`;
}
