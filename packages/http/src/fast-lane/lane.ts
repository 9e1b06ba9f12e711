import { randomUUID } from 'node:crypto';
import { routes } from '@spillway/contract';
import type { Control } from '@spillway/control';
import type { Principal } from '@spillway/core';
import { readJson } from '../body/read.ts';
import { admits } from '../credentials.ts';
import { DEFINITIONS_HEADERS } from '../definitions/answer.ts';
import { type ProblemSettings, problemAnswer } from '../errors.ts';
import type { Limiter } from '../limits/client-limits.ts';
import { answer } from './answer.ts';
import { type Asked, type FastRoute, isCrossOrigin } from './asked.ts';
import { type HeaderLines, headerLines } from './header-lines.ts';

export interface LaneParts {
  readonly control: Control;
  readonly problems: ProblemSettings;
  /** On every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly limiter: Pick<Limiter, 'admitsPeer'>;
}

/** What is written back, whoever writes it. */
export interface Reply {
  readonly status: number;
  /** What answers of this kind have in common. */
  readonly shared: HeaderLines;
  /** Names and values in turn, of this answer alone. */
  readonly own: readonly string[];
  readonly body: string | Buffer | undefined;
}

/**
 * Applications without an SDK ask for each of their own requests, so evaluating has a way past the framework, and where a
 * connection allows it past `node:http` too. It reads, checks, decides and refuses by the same functions; only requests with a
 * plain head and a key that is in force take it, and whatever else there is to say about a head is said the long way.
 */
export interface Lane {
  /** Who asks; undefined where that, too, is to be said the long way. `peer` is the other end of the connection. */
  admit(asked: Asked, peer: string | undefined): Promise<Principal | undefined>;
  /** Answers or refuses; never rejects. `body` is whole. */
  reply(asked: Asked, principal: Principal, body: Buffer): Promise<Reply>;
}

const VARY = { vary: 'Origin' };
const JSON_TYPE = 'application/json; charset=utf-8';

export function createLane({ control, problems, headers, limiter }: LaneParts): Lane {
  const alone = headerLines(headers);
  /** Of routes that pages of other sites may ask. */
  const crossOrigin = headerLines({ ...headers, ...VARY });
  const shared: Readonly<Record<FastRoute, HeaderLines>> = {
    evaluateFlag: alone,
    evaluateFlags: alone,
    ofrepEvaluateFlag: crossOrigin,
    ofrepEvaluateFlags: headerLines({ ...headers, ...VARY, 'cache-control': 'no-cache' }),
    snapshot: headerLines({ ...headers, ...DEFINITIONS_HEADERS }),
  };

  async function answered(asked: Asked, principal: Principal, bytes: Buffer, requestId: string): Promise<Reply> {
    const { status, body, etag, encoding } = await answer({ control, asked, principal, body: readJson(bytes) });
    const own = ['x-request-id', requestId];
    if (etag !== undefined) own.push('etag', etag);
    if (encoding !== undefined) own.push('content-encoding', encoding);
    if (body !== undefined) own.push('content-type', JSON_TYPE, 'content-length', String(Buffer.byteLength(body)));
    return { status, shared: shared[asked.route], own, body };
  }

  function refused(asked: Asked, error: unknown, requestId: string): Reply {
    const { status, type, text, ...problem } = problemAnswer(problems, error, {
      id: requestId,
      method: asked.method,
      path: asked.path,
      ...(asked.route.startsWith('ofrep') ? { ofrep: { key: asked.key } } : {}),
    });
    const all = { ...headers, ...(isCrossOrigin(asked.route) ? VARY : {}), ...problem.headers };
    const length = String(Buffer.byteLength(text));
    const lines = ['x-request-id', requestId, 'content-type', type, 'content-length', length];
    return { status, shared: headerLines(all), own: lines, body: text };
  }

  return {
    async admit({ route, secret }, peer) {
      const principal = await control.access.authenticate(secret).catch(() => undefined);
      if (principal === undefined || !admits(routes[route].auth, principal.kind)) return undefined;
      return limiter.admitsPeer(principal, secret, peer) ? principal : undefined;
    },
    async reply(asked, principal, body) {
      const start = performance.now();
      const requestId = randomUUID();
      const reply = await answered(asked, principal, body, requestId).catch((error: unknown) =>
        refused(asked, error, requestId),
      );
      const line = {
        request_id: requestId,
        method: asked.method,
        path: asked.path,
        status: reply.status,
        ms: Math.round((performance.now() - start) * 10) / 10,
        caller: principal.name,
      };
      if (reply.status < 400) problems.log.debug(line, 'answered');
      else problems.log.info(line, 'answered');
      return reply;
    },
  };
}
