import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ChannelAddress, ListenAddress } from './address.ts';
import { type Answer, refusal } from './answer.ts';
import { type Body, readJson } from './body.ts';
import { listen } from './listen.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5_000;

export interface ChannelRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** The path's parts, percent-decoded: `/a/b%2Fc` is `['a', 'b/c']`. */
  readonly names: readonly string[];
  /** Read on demand; a body that nobody asks for is let go by. */
  json(): Promise<Body>;
}

export interface ChannelOptions {
  readonly token: string;
  readonly listen: ListenAddress;
  /** Who listens, for messages: `gateway`. */
  readonly owner: string;
  /** Sees only requests with the token. What it throws is answered with 503 and the error's message. */
  handle(request: ChannelRequest): Answer | Promise<Answer>;
}

export interface Channel {
  readonly address: ChannelAddress;
  /** Cuts requests under way. */
  close(): Promise<void>;
}

/** HTTP for this machine only and with the token only. Throws when the address cannot be listened on. */
export async function openChannel({ token, listen: where, owner, handle }: ChannelOptions): Promise<Channel> {
  const expected = digest(token);
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS };
  const server = createServer(timeouts, (request, response) => {
    answer(request, expected, handle)
      .catch((error: unknown) =>
        refusal(503, 'unavailable', undefined, error instanceof Error ? error.message : String(error)),
      )
      .then((result) => send(response, result))
      .catch(() => response.destroy());
  });
  const address = await listen(server, where, owner);
  return {
    address,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, expected: Buffer, handle: ChannelOptions['handle']): Promise<Answer> {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), expected)) {
    return refusal(401, 'unauthenticated', undefined, 'The admin token is missing or wrong.');
  }
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const names = namesIn(path);
  if (names === undefined) return refusal(400, 'invalid', undefined, 'The path is not valid percent-encoding.');
  return handle({ method: request.method ?? '', path, names, json: () => readJson(request) });
}

/** Of one length whatever is given, so that comparing takes one time. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function namesIn(path: string): readonly string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
