import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { routes } from '@spillway/contract';
import type { Control } from '@spillway/control';
import type { Principal } from '@spillway/core';
import { readJson } from '../body/read.ts';
import { admits } from '../credentials.ts';
import { type ProblemSettings, problemAnswer } from '../errors.ts';
import { watchBody } from '../upload/watch-body.ts';
import { answer, type FastAnswer } from './answer.ts';
import { type Asked, askedBy, isCrossOrigin } from './asked.ts';

export interface FastLaneParts {
  readonly control: Control;
  readonly problems: ProblemSettings;
  /** On every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly requestTimeoutMs: number;
  readonly isClosing: () => boolean;
}

const VARY = { vary: 'Origin' };

interface Parts extends FastLaneParts {
  readonly flatHeaders: readonly string[];
  /** The same for routes that pages of other sites may ask. */
  readonly flatShared: readonly string[];
  /** And for answers that are kept and asked about again. */
  readonly flatRevalidated: readonly string[];
}

/**
 * Applications without an SDK ask for each of their own requests, so evaluating has a way past the framework. It reads, checks,
 * decides and refuses by the same functions; only requests with a plain head and a key that is in force take it, and
 * whatever else there is to say about a head is said the long way.
 */
export function withFastLane(options: FastLaneParts, longWay: RequestListener): RequestListener {
  const parts: Parts = {
    ...options,
    flatHeaders: Object.entries(options.headers).flat(),
    flatShared: Object.entries({ ...options.headers, ...VARY }).flat(),
    flatRevalidated: Object.entries({ ...options.headers, ...VARY, 'cache-control': 'no-cache' }).flat(),
  };
  return (request, response) => {
    const asked = parts.isClosing() ? undefined : askedBy(request);
    if (asked === undefined) longWay(request, response);
    else void enter(parts, asked, request, response, longWay);
  };
}

async function enter(
  parts: Parts,
  asked: Asked,
  request: IncomingMessage,
  response: ServerResponse,
  longWay: RequestListener,
): Promise<void> {
  const principal = await parts.control.access.authenticate(asked.secret).catch(() => undefined);
  if (principal === undefined || !admits(routes[asked.route].auth, principal.kind)) {
    longWay(request, response);
    return;
  }
  const start = performance.now();
  watchBody(request, parts.requestTimeoutMs, parts.problems.log);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => void finish(parts, asked, principal, chunks, request, response, start));
}

async function finish(
  parts: Parts,
  asked: Asked,
  principal: Principal,
  chunks: readonly Buffer[],
  request: IncomingMessage,
  response: ServerResponse,
  start: number,
): Promise<void> {
  const requestId = randomUUID();
  const { log } = parts.problems;
  try {
    const [only] = chunks;
    const body = readJson(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
    const { control } = parts;
    const given = await answer({ control, asked, principal, request, body });
    const { etag } = given;
    const shared = isCrossOrigin(asked.route) ? parts.flatShared : parts.flatHeaders;
    const headers = etag === undefined ? shared : [...parts.flatRevalidated, 'etag', etag];
    write(response, given, headers, 'application/json; charset=utf-8', requestId);
  } catch (error) {
    const { status, headers, type, text } = problemAnswer(parts.problems, error, {
      id: requestId,
      method: 'POST',
      path: asked.path,
      ...(asked.route.startsWith('ofrep') ? { ofrep: { key: asked.key } } : {}),
    });
    const all = { ...parts.headers, ...(isCrossOrigin(asked.route) ? VARY : {}), ...headers };
    write(response, { status, text }, Object.entries(all).flat(), type, requestId);
  }
  const line = {
    request_id: requestId,
    method: 'POST',
    path: asked.path,
    status: response.statusCode,
    ms: Math.round((performance.now() - start) * 10) / 10,
    caller: principal.name,
  };
  if (response.statusCode < 400) log.debug(line, 'answered');
  else log.info(line, 'answered');
}

/** Headers as one flat list: names and values in turn, which is what writes fastest. */
function write(
  response: ServerResponse,
  { status, text }: Pick<FastAnswer, 'status' | 'text'>,
  headers: readonly string[],
  type: string,
  requestId: string,
): void {
  if (text === undefined) {
    response.writeHead(status, [...headers, 'x-request-id', requestId]);
    response.end();
    return;
  }
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, [...headers, 'x-request-id', requestId, 'content-type', type, 'content-length', length]);
  response.end(text);
}
