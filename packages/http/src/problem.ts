import type { Problem } from '@spillway/contract';
import type { FieldProblem, Refusal, RefusalCode } from '@spillway/core';

/** Refusals that only a door knows, beside those of the core. */
export type DoorCode =
  | 'unsupported_media_type'
  | 'method_not_allowed'
  | 'expectation_failed'
  | 'version_not_supported'
  | 'upgrade_required'
  | 'headers_too_large'
  | 'url_too_long'
  | 'timeout'
  | 'internal';

export type ProblemCode = RefusalCode | DoorCode;

/** The one place where a refusal's code becomes a status. */
export const STATUS: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  malformed: { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'Credentials are needed' },
  forbidden: { status: 403, title: 'These credentials may not do this' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This path has no such method' },
  timeout: { status: 408, title: 'The request took too long to arrive' },
  exists: { status: 409, title: 'Already exists' },
  stale: { status: 409, title: 'Another write came first' },
  conflict: { status: 409, title: 'Not possible in the present state' },
  in_use: { status: 409, title: 'Something still depends on it' },
  too_large: { status: 413, title: 'Too large' },
  url_too_long: { status: 414, title: 'The address is too long' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  expectation_failed: { status: 417, title: 'This cannot be expected' },
  invalid: { status: 422, title: 'A field breaks a rule' },
  upgrade_required: { status: 426, title: 'Another protocol is spoken here' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Unexpected error' },
  unavailable: { status: 503, title: 'Not available at the moment' },
  version_not_supported: { status: 505, title: 'This version of HTTP is not spoken' },
};

export const PROBLEM_TYPE = 'application/problem+json';

/** What a problem says beside its sentence. */
export interface ProblemExtras {
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly details?: Refusal['details'] | undefined;
}

/** Whoever sends too much is told when to go on. */
const COME_AGAIN = { 'retry-after': '5' };

/** A refusal on its way to the caller. Thrown inside the door only; it never leaves as an exception. */
export class RequestRefused extends Error {
  readonly problem: ProblemCode;
  readonly fields: readonly FieldProblem[] | undefined;
  readonly details: Refusal['details'] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    problem: ProblemCode,
    message: string,
    more: ProblemExtras & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.problem = problem;
    this.fields = more.fields;
    this.details = more.details;
    this.headers = { ...(problem === 'rate_limited' ? COME_AGAIN : {}), ...more.headers };
  }
}

/** The document for one refusal. `details` come first, so that they can never replace a member of the standard. */
export function problemDocument(
  code: ProblemCode,
  detail: string,
  requestId: string,
  more: ProblemExtras = {},
): Problem {
  const { status, title } = STATUS[code];
  return {
    ...more.details,
    type: `https://spillway.dev/problems/${code}`,
    title,
    status,
    detail,
    code,
    ...(more.fields === undefined ? {} : { errors: more.fields.map(({ field, message }) => ({ field, message })) }),
    request_id: requestId,
  };
}
