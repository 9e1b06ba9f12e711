import type { Problem } from '@spillway/contract';
import { isNotWritten } from '@spillway/control';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MAX_BODY_BYTES, WHOLE_BODY } from './body/read.ts';
import type { Log } from './log.ts';
import { manifestRefusal } from './manifest/answers.ts';
import { isLeftOpenByOfrep, ofrepRefusal } from './ofrep/refusals.ts';
import { PROBLEM_TYPE, problemDocument, RequestRefused } from './problem.ts';

export interface ProblemSettings {
  readonly log: Log;
  /** Whether an error says that the store does not answer at the moment; asking again later may help. */
  readonly isUnavailable: (error: unknown) => boolean;
}

/** Answers with the problem document of whatever went wrong. */
export async function sendProblem(
  settings: ProblemSettings,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  await discardBody(request);
  const { status, headers, type, text } = problemAnswer(settings, error, whereOf(request));
  return reply
    .headers({ ...headers, 'x-request-id': request.id })
    .code(status)
    .type(type)
    .send(text);
}

/** A request as the log names it. */
export interface AskedWhere {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** The largest body that the route takes. */
  readonly max_body_bytes?: number;
  /** Where refusals are to be read by OFREP's providers: the flag that was asked for, if one was. */
  readonly ofrep?: { readonly key: string | undefined };
  /** Where OpenFeature's command reads them. */
  readonly manifest?: true;
}

function whereOf(request: FastifyRequest): AskedWhere {
  const { bodyLimit: max_body_bytes } = request.routeOptions;
  const where = {
    ...{ id: request.id, method: request.method, path: pathOf(request.url) },
    ...(max_body_bytes === undefined ? {} : { max_body_bytes }),
  };
  const { refusals } = request.routeOptions.config;
  if (refusals === 'manifest') return { ...where, manifest: true };
  if (refusals === undefined) return where;
  const { key } = (request.params ?? {}) as { readonly key?: string };
  return { ...where, ofrep: { key } };
}

/** An answer that is ready to be written. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly text: string;
}

/** The problem document of whatever went wrong; what was not foreseen is logged and not shown. */
export function problemAnswer(settings: ProblemSettings, error: unknown, where: AskedWhere): ProblemAnswer {
  const refused = refusalOf(settings, error, where);
  if (where.manifest === true) return problemOf(refused, manifestRefusal(refused, where.id).body);
  if (where.ofrep === undefined || isLeftOpenByOfrep(refused)) {
    return problemOf(refused, problemDocument(refused.problem, refused.message, where.id, refused));
  }
  return problemOf(refused, ofrepRefusal(refused, { key: where.ofrep.key, requestId: where.id }).body);
}

function problemOf(refused: RequestRefused, document: Problem): ProblemAnswer {
  return {
    status: document.status,
    headers: { ...refused.headers, 'cache-control': 'no-store' },
    type: `${PROBLEM_TYPE}; charset=utf-8`,
    text: JSON.stringify(document),
  };
}

function refusalOf({ log, isUnavailable }: ProblemSettings, error: unknown, where: AskedWhere): RequestRefused {
  if (error instanceof RequestRefused) return error;
  const { id: request_id, method, path, max_body_bytes = MAX_BODY_BYTES } = where;
  if (isUnavailable(error)) {
    log.warn({ request_id, err: error }, 'store not available');
    return unavailable(isNotWritten(error) ? `Nothing was stored. ${error.message}` : undefined);
  }
  const refused = translate(error, max_body_bytes);
  if (refused !== undefined) return refused;
  log.error({ request_id, err: error, method, path }, 'unexpected error');
  return new RequestRefused(
    'internal',
    'Something unexpected went wrong; the log of the server has more under this request id.',
  );
}

/** A body up to this size is read to its end, unused, before its refusal is sent; a slow one not for longer than this. */
const MAX_DISCARDED_BYTES = 33_554_432;
const MAX_DISCARD_MS = 1_000;

/**
 * Answering and closing while the client is still sending resets the connection, and the client may never see why it was
 * refused. So a body whose length is known and bearable is let in and thrown away first; only others are cut off.
 */
function discardBody({ raw, headers }: FastifyRequest): Promise<void> {
  if (raw.complete || raw.destroyed || !(Number(headers['content-length']) <= MAX_DISCARDED_BYTES))
    return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, MAX_DISCARD_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    raw.once('end', done).once('close', done).resume();
  });
}

function unavailable(why = 'The store does not answer at the moment; try again.'): RequestRefused {
  return new RequestRefused('unavailable', why, {
    headers: { 'retry-after': '1' },
  });
}

export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** The framework's own refusals in our words; undefined for what is a fault of ours. */
function translate(error: unknown, most: number): RequestRefused | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode } = error as Error & { readonly code?: unknown; readonly statusCode?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new RequestRefused('too_large', `The body is larger than ${most} bytes; send less at once.`, {
        fields: [{ field: WHOLE_BODY, message: `must be at most ${most} bytes` }],
        details: { max_bytes: most },
      });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupportedMediaType();
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new RequestRefused('malformed', 'The body is not as long as `Content-Length` says.', {
        fields: [{ field: 'Content-Length', message: 'must be the length of the body' }],
      });
    case 'FST_ERR_BAD_URL':
      return new RequestRefused('malformed', 'The path is not percent-encoded UTF-8.', {
        fields: [{ field: '{path}', message: 'is not percent-encoded UTF-8' }],
      });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new RequestRefused('url_too_long', 'A part of the path is longer than any name here.');
    default:
      if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return undefined;
      return new RequestRefused('malformed', 'The request cannot be read.');
  }
}

export function unsupportedMediaType(): RequestRefused {
  return new RequestRefused(
    'unsupported_media_type',
    'Send the body as `Content-Type: application/json`, in UTF-8 and not compressed.',
    {
      fields: [{ field: 'Content-Type', message: 'must be application/json' }],
      headers: { accept: 'application/json' },
    },
  );
}
