import type { ErrorClass } from '../metrics/counters.ts';

/** A failed attempt: what it counts as and what the client is told when nothing else can be tried. */
export interface Failure {
  readonly is: ErrorClass | 'bad_request';
  readonly status: number;
  readonly message: string;
}

const NO_INSTANCE: Failure = { is: 'connect', status: 503, message: 'No instance of this service can be reached now.' };
const TOO_SLOW: Failure = { is: 'timeout', status: 504, message: 'The service took too long to answer.' };
const NOT_HTTP: Failure = {
  is: 'protocol',
  status: 502,
  message: 'The service gave an answer that is not valid HTTP.',
};
const CUT_OFF: Failure = { is: 'reset', status: 502, message: 'The service closed the connection before it answered.' };
const NOT_SENDABLE: Failure = { is: 'bad_request', status: 400, message: 'The request cannot be passed on.' };

export const NOBODY_LEFT = NO_INSTANCE;

/** `sent` tells whether a connection was there and the request was on its way. */
export function failureOf(error: unknown, sent: boolean): Failure {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return NOT_SENDABLE;
  if (!sent) return NO_INSTANCE;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return TOO_SLOW;
  if (
    code.startsWith('HPE_') ||
    code === 'UND_ERR_HEADERS_OVERFLOW' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  ) {
    return NOT_HTTP;
  }
  if (error instanceof Error && (error.message === 'bad response' || error.message === 'bad upgrade')) return NOT_HTTP;
  return CUT_OFF;
}
