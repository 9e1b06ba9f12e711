import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FieldProblem } from '@spillway/core';
import type { Log } from './log.ts';
import { PROBLEM_TYPE, type ProblemCode, problemDocument, STATUS } from './problem.ts';

/** Given for `CONNECT`, which Node hands over as a bare socket. */
export const TUNNEL = 'TUNNEL';

interface Breakage {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly field?: FieldProblem;
}

const LENGTH = malformed(
  'Content-Length',
  'must be one number in digits, once, and not beside Transfer-Encoding',
  'Where the body ends cannot be told: `Content-Length` must be one number in digits, once, and not beside `Transfer-Encoding`.',
);
const CODING = malformed(
  'Transfer-Encoding',
  'must be chunked and nothing else, once, and not beside Content-Length',
  'Where the body ends cannot be told: `Transfer-Encoding` must be `chunked` and nothing else, once, and not beside `Content-Length`.',
);
const CHUNKS = malformed('body', 'is not framed in chunks', 'The body is not framed in chunks as HTTP/1.1 has it.');
const LINES = malformed(
  'headers',
  'must end in CR LF each',
  'Lines of a request must end in CR LF, and hold neither alone.',
);

/** By what Node's parser says of it. */
const BREAKAGES: Readonly<Record<string, Breakage>> = {
  HPE_INVALID_METHOD: malformed(
    'method',
    'is no method of HTTP',
    'The method is none of HTTP, or this is no request of HTTP/1.1 at all.',
  ),
  HPE_INVALID_URL: malformed(
    'path',
    'holds characters that must be percent-encoded',
    'The path or query holds characters that must be percent-encoded.',
  ),
  HPE_INVALID_VERSION: malformed(
    'version',
    'must be HTTP/1.1, at the end of its line',
    'The request line must end in `HTTP/1.1` and CR LF.',
  ),
  HPE_INVALID_HEADER_TOKEN: malformed(
    'headers',
    'holds a line that is no `Name: value`',
    'A header line must be `Name: value` in visible characters, on one line, without a space before the colon.',
  ),
  HPE_CR_EXPECTED: LINES,
  HPE_LF_EXPECTED: LINES,
  HPE_INVALID_CONTENT_LENGTH: LENGTH,
  HPE_UNEXPECTED_CONTENT_LENGTH: LENGTH,
  HPE_INVALID_TRANSFER_ENCODING: CODING,
  HPE_INVALID_CHUNK_SIZE: CHUNKS,
  HPE_STRICT: CHUNKS,
  HPE_CLOSED_CONNECTION: malformed(
    'Connection',
    'says that nothing follows',
    'More came after a request with `Connection: close`.',
  ),
  HPE_INVALID_EOF_STATE: malformed('body', 'ends too early', 'The request ended before it was whole.'),
  HPE_HEADER_OVERFLOW: {
    code: 'headers_too_large',
    detail: 'The request line and headers together are too large.',
    field: { field: 'headers', message: 'are too large together' },
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    code: 'too_large',
    detail: 'The chunk extensions are too large.',
    field: { field: 'body', message: 'has chunk extensions that are too large' },
  },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'timeout', detail: 'The request did not arrive in time.' },
  [TUNNEL]: {
    code: 'method_not_allowed',
    detail: 'This server opens no tunnels.',
    field: { field: 'method', message: 'must not be CONNECT' },
  },
};

const UNCLEAR: Breakage = {
  code: 'malformed',
  detail: 'This is not an HTTP request that can be understood in only one way.',
};

/** For bytes that never became a request: answered by hand, then the connection is closed. */
export function answerBrokenRequest(log: Log, error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const { code, detail, field } = BREAKAGES[error.code ?? ''] ?? UNCLEAR;
  const { status } = STATUS[code];
  const fields = field === undefined ? {} : { fields: [field] };
  const body = JSON.stringify(problemDocument(code, detail, requestId, fields));
  log.info({ request_id: requestId, status, parse_error: error.code }, 'request not readable');
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nx-request-id: ${requestId}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function malformed(field: string, message: string, detail: string): Breakage {
  return { code: 'malformed', detail, field: { field, message } };
}
