import type { ReceivedHead } from '../clients/request-parser.ts';
import type { HeaderLines } from '../llhttp/header-lines.ts';

/** Header lines of one request; more are refused with 431. */
export const HEADER_LINES_MAX = 100;

/** A request head that means the same to everybody who reads it. */
export interface RequestHead {
  readonly is: 'head';
  readonly host: string;
  /** Origin form. */
  readonly path: string;
  readonly hasBody: boolean;
  readonly isChunked: boolean;
  /** The body is sent once it is asked for. */
  readonly expectsContinue: boolean;
  /** All Cookie lines joined; undefined without any. */
  readonly cookies: string | undefined;
  /** Lower-case names listed in Connection; undefined without any that matters. */
  readonly connection: readonly string[] | undefined;
}

export interface RefusedHead {
  readonly is: 'refused';
  readonly status: number;
  readonly message: string;
}

const HOST = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const LENGTH = /^\d{1,15}$/;
const TARGET = /^\/[!"$-~\x80-\xff]*$/;
const ABSOLUTE = /^https?:\/\/([^/?#@]+)([/?].*)?$/i;
const TOKEN_LIST = /^[!#$%&'*+.^_`|~0-9A-Za-z\-, \t]*$/;

/**
 * Reads what routing and framing need, and refuses what two readers could understand differently. The parser before this
 * (llhttp) refuses most of it already; what is checked again here is what it lets through or might one day.
 */
export function readHead(received: ReceivedHead): RequestHead | RefusedHead {
  if (received.versionMajor !== 1) return refused(505, 'Only HTTP/1.0 and HTTP/1.1 are spoken here.');
  if (received.lines.count > HEADER_LINES_MAX) return refused(431, `More than ${HEADER_LINES_MAX} header lines.`);
  const said = readLines(received.lines);
  if (typeof said === 'string') return refused(400, `More than one ${said} header.`);
  const { host, length, coding, cookies, connection, expect } = said;
  const wrongFraming = checkFraming(length, coding, received.versionMinor);
  if (wrongFraming) return refused(400, wrongFraming);
  const isOld = received.versionMinor === 0;
  const expectsContinue = !isOld && expect?.toLowerCase() === '100-continue';
  if (!isOld && expect !== undefined && !expectsContinue)
    return refused(417, 'Only 100-continue can be expected here.');
  return readTarget(received.target, host, {
    isChunked: coding !== undefined,
    hasBody: coding !== undefined || (length !== undefined && Number(length) > 0),
    cookies,
    connection,
    expectsContinue,
    isOld,
  });
}

/** What the lines say that matters here. */
interface Said {
  host: string | undefined;
  length: string | undefined;
  coding: string | undefined;
  cookies: string | undefined;
  connection: string | undefined;
  expect: string | undefined;
}

/** Or the name of a header that may be there once only and is there again. Told apart by length first, as most matter to nobody here. */
function readLines(lines: HeaderLines): Said | string {
  const said: Said = {
    host: undefined,
    length: undefined,
    coding: undefined,
    cookies: undefined,
    connection: undefined,
    expect: undefined,
  };
  for (let i = 0; i < lines.count; i++) {
    switch (lines.nameLength(i)) {
      case 4:
        if (!lines.isNamed(i, 'host')) break;
        if (said.host !== undefined) return 'Host';
        said.host = lines.value(i);
        break;
      case 6:
        if (lines.isNamed(i, 'cookie')) said.cookies = joined(said.cookies, '; ', lines.value(i));
        else if (lines.isNamed(i, 'expect')) said.expect = joined(said.expect, ', ', lines.value(i));
        break;
      case 10:
        if (lines.isNamed(i, 'connection')) said.connection = joined(said.connection, ',', lines.value(i));
        break;
      case 14:
        if (!lines.isNamed(i, 'content-length')) break;
        if (said.length !== undefined) return 'Content-Length';
        said.length = lines.value(i);
        break;
      case 17:
        if (!lines.isNamed(i, 'transfer-encoding')) break;
        if (said.coding !== undefined) return 'Transfer-Encoding';
        said.coding = lines.value(i);
        break;
    }
  }
  return said;
}

function joined(before: string | undefined, separator: string, value: string): string {
  return before === undefined ? value : before + separator + value;
}

function checkFraming(length: string | undefined, coding: string | undefined, minor: number): string | undefined {
  if (length !== undefined && coding !== undefined) return 'Content-Length together with Transfer-Encoding.';
  if (length !== undefined && !LENGTH.test(length)) return 'Content-Length must be digits.';
  if (coding === undefined) return undefined;
  if (minor === 0) return 'Transfer-Encoding in HTTP/1.0.';
  return coding.toLowerCase() === 'chunked' ? undefined : 'Transfer-Encoding must be chunked and nothing else.';
}

interface HeadParts {
  readonly hasBody: boolean;
  readonly isChunked: boolean;
  readonly expectsContinue: boolean;
  readonly cookies: string | undefined;
  readonly connection: string | undefined;
  readonly isOld: boolean;
}

function readTarget(target: string, host: string | undefined, parts: HeadParts): RequestHead | RefusedHead {
  let path = target;
  let authority = host;
  if (target.charCodeAt(0) !== 0x2f) {
    const absolute = ABSOLUTE.exec(target);
    if (!absolute) return refused(400, 'The request target must be a path.');
    // RFC 9112, 3.2.2: the authority of an absolute target replaces the Host header.
    authority = absolute[1];
    const rest = absolute[2] ?? '';
    path = rest.startsWith('/') ? rest : `/${rest}`;
  }
  if (!TARGET.test(path)) return refused(400, 'The request target holds characters that a path cannot have.');
  if (authority === undefined && !parts.isOld) return refused(400, 'The Host header is missing.');
  if (authority !== undefined && authority !== '' && !HOST.test(authority))
    return refused(400, 'The Host header is invalid.');
  const connection = parts.connection === undefined ? undefined : listedNames(parts.connection);
  if (connection === 'invalid') return refused(400, 'The Connection header is invalid.');
  return {
    is: 'head',
    host: authority ?? '',
    path,
    hasBody: parts.hasBody,
    isChunked: parts.isChunked,
    expectsContinue: parts.expectsContinue,
    cookies: parts.cookies,
    connection,
  };
}

/**
 * Lower-case names in a Connection header; undefined for the two that only speak of keeping the connection. A length is
 * never among them: taken away, it would change where the message ends.
 */
export function listedNames(value: string): readonly string[] | undefined | 'invalid' {
  if (value === 'keep-alive' || value === 'close') return undefined;
  if (!TOKEN_LIST.test(value)) return 'invalid';
  return value
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'content-length');
}

function refused(status: number, message: string): RefusedHead {
  return { is: 'refused', status, message };
}
