import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Route, routes } from '@spillway/contract';
import type { Control } from '@spillway/control';
import type { Principal } from '@spillway/core';
import { readJson } from '../body/read.ts';
import { checkBody } from '../body/route-body.ts';
import { admits } from '../credentials.ts';
import { type ProblemSettings, problemAnswer } from '../errors.ts';
import type { Input } from '../handlers/handler.ts';
import { handlers } from '../handlers/index.ts';
import { unwrap } from '../passage.ts';
import { placed } from '../placing.ts';
import { watchBody } from '../upload/watch-body.ts';
import { evaluationsText, evaluationText } from './answer-text.ts';
import { type Asked, askedBy } from './asked.ts';

export interface FastLaneParts {
  readonly control: Control;
  readonly problems: ProblemSettings;
  /** On every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly requestTimeoutMs: number;
  readonly isClosing: () => boolean;
}

interface Parts extends FastLaneParts {
  readonly flatHeaders: readonly string[];
}

/**
 * Applications without an SDK ask for each of their own requests, so evaluating has a way past the framework. It reads, checks,
 * decides and refuses by the same functions; only requests with a plain head and a key that is in force take it, and
 * whatever else there is to say about a head is said the long way.
 */
export function withFastLane(options: FastLaneParts, longWay: RequestListener): RequestListener {
  const parts: Parts = { ...options, flatHeaders: Object.entries(options.headers).flat() };
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
  request.on('end', () => void finish(parts, asked, principal, chunks, response, start));
}

async function finish(
  parts: Parts,
  asked: Asked,
  principal: Principal,
  chunks: readonly Buffer[],
  response: ServerResponse,
  start: number,
): Promise<void> {
  const requestId = randomUUID();
  const { log } = parts.problems;
  try {
    const [only] = chunks;
    const body = readJson(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
    const text = await answer(parts.control, asked, principal, body);
    write(response, 200, parts.flatHeaders, 'application/json; charset=utf-8', requestId, text);
  } catch (error) {
    const { status, headers, type, text } = problemAnswer(parts.problems, error, {
      id: requestId,
      method: 'POST',
      path: asked.path,
    });
    write(response, status, Object.entries({ ...parts.headers, ...headers }).flat(), type, requestId, text);
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

async function answer(control: Control, asked: Asked, principal: Principal, body: unknown): Promise<string> {
  const route: Route = routes[asked.route];
  const call = { principal };
  if (asked.key === undefined) {
    const input = { call, body: checkBody(route, body) } as Input<'evaluateFlags'>;
    const { configuration, evaluations } = unwrap(placed(route, await handlers.evaluateFlags(control, input)));
    return evaluationsText(configuration, evaluations);
  }
  const input = { call, params: { key: asked.key }, body: checkBody(route, body) } as Input<'evaluateFlag'>;
  return evaluationText(unwrap(placed(route, await handlers.evaluateFlag(control, input))));
}

/** Headers as one flat list: names and values in turn, which is what writes fastest. */
function write(
  response: ServerResponse,
  status: number,
  headers: readonly string[],
  type: string,
  requestId: string,
  text: string,
): void {
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, [...headers, 'x-request-id', requestId, 'content-type', type, 'content-length', length]);
  response.end(text);
}
