import type { Problem } from '@spillway/contract';
import { problemDocument, type RequestRefused, STATUS } from '../problem.ts';
import type { OfrepFailure } from './answers.ts';

/** Of credentials and rates the protocol says the status alone: there the usual problem document goes with it. */
const LEFT_OPEN: ReadonlySet<number> = new Set([401, 403, 429]);

export function isLeftOpenByOfrep({ problem }: RequestRefused): boolean {
  return LEFT_OPEN.has(STATUS[problem].status);
}

/**
 * A problem document with OFREP's members, as its providers read it: beside those they know 400, 404 and 500, and take any other status for a
 * server that speaks something else.
 */
export function ofrepRefusal(
  refused: RequestRefused,
  { key, requestId }: { readonly key: string | undefined; readonly requestId: string },
): { readonly status: 400 | 500; readonly body: Problem & OfrepFailure } {
  const isOurs = STATUS[refused.problem].status >= 500;
  const named = refused.fields?.map(({ field, message }) => `${field} ${message}`).join('; ') ?? '';
  const aboutContext = refused.fields?.some(({ field }) => field.startsWith('/context')) === true;
  const status = isOurs ? 500 : 400;
  return {
    status,
    body: {
      ...problemDocument(refused.problem, refused.message, requestId, refused),
      status,
      ...(key === undefined ? {} : { key }),
      errorCode: isOurs ? 'GENERAL' : aboutContext ? 'INVALID_CONTEXT' : 'PARSE_ERROR',
      errorDetails: named === '' ? refused.message : `${refused.message} (${named})`,
    },
  };
}
