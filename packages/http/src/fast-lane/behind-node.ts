import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { watchBody } from '../upload/watch-body.ts';
import { type Asked, askedBy } from './asked.ts';
import type { Lane } from './lane.ts';

export interface BehindNodeParts {
  readonly lane: Lane;
  readonly log: Log;
  readonly requestTimeoutMs: number;
  readonly isClosing: () => boolean;
}

/** The lane's entrance for connections that `node:http` reads, because something else was asked on them before. */
export function enterBehindNode(parts: BehindNodeParts, longWay: RequestListener): RequestListener {
  return (request, response) => {
    const asked = parts.isClosing() ? undefined : askedBy(request);
    if (asked === undefined) longWay(request, response);
    else void enter(parts, asked, request, response, longWay);
  };
}

async function enter(
  { lane, log, requestTimeoutMs }: BehindNodeParts,
  asked: Asked,
  request: IncomingMessage,
  response: ServerResponse,
  longWay: RequestListener,
): Promise<void> {
  const principal = await lane.admit(asked, request.socket.remoteAddress);
  if (principal === undefined) {
    longWay(request, response);
    return;
  }
  watchBody(request, requestTimeoutMs, log);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const [only] = chunks;
    const whole = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
    const { status, shared, own, body } = await lane.reply(asked, principal, whole);
    response.writeHead(status, [...shared.flat, ...own]);
    response.end(body);
  });
}
