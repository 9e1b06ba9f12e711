import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ClientConnection } from './client-connection.ts';
import { Exchange } from './exchange.ts';
import { forwardedHeaders, headText } from './forwarded.ts';
import { type RequestHead, readHead } from './head.ts';
import { answerPlain, answerPlainAndClose, discardBody } from './plain-answer.ts';
import type { ProxySettings } from './settings.ts';
import { type Choice, chooseVersion } from './sticky.ts';
import { carryUpgrade, isUpgradeTaken } from './upgrade.ts';

/** All header lines of a request together, in bytes. */
export const HEADER_BYTES_MAX = 16_384;

export interface DoorTimeouts {
  /** From the first byte of a request to the end of its head. */
  readonly headMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestMs: number;
  /** How long a connection may wait for its next request. */
  readonly idleMs: number;
  readonly connectMs: number;
  readonly answerMs: number;
}

/** A request that may pass: what it says, and where it goes. */
interface Admitted {
  readonly is: 'admitted';
  readonly head: RequestHead;
  readonly choice: Choice;
  readonly headers: string[];
}

interface Turned {
  readonly is: 'turned';
  readonly status: number;
  readonly message: string;
}

/** The public side: parses requests with Node's own parser (llhttp, strict) and hands them to exchanges. */
export function openDoor(settings: ProxySettings, timeouts: DoorTimeouts): Server {
  const connections = new WeakMap<Duplex, ClientConnection>();
  const server = createServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: timeouts.headMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.idleMs,
    connectionsCheckingInterval: Math.min(1_000, timeouts.headMs),
    insecureHTTPParser: false,
    requireHostHeader: true,
    noDelay: true,
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: isUpgradeTaken,
  });
  // Lines beyond a count would be dropped in silence; they are counted and refused in readHead.
  server.maxHeadersCount = 0;
  // A client may end its side once its request is sent; ClientConnection bounds how long it is believed to still read.
  Object.assign(server, { httpAllowHalfOpen: true });

  const take = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const connection = connections.get(request.socket);
    if (!connection || connection.isRefused) return;
    const admitted = admit(request, settings);
    if (admitted.is === 'turned') {
      if (expectsContinue || admitted.status !== 404 || settings.draining()) {
        response.shouldKeepAlive = false;
        connection.end();
      }
      answerPlain(response, admitted.status, admitted.message);
      if (!request.complete) discardBody(request);
      return;
    }
    const { head, choice, headers } = admitted;
    connection.add(
      new Exchange(
        {
          request,
          response,
          connection,
          version: choice.version,
          head: headText(request.method ?? 'GET', head.path, headers, head.isChunked),
          hasBody: head.hasBody,
          isChunked: head.isChunked,
          setCookie: choice.setCookie,
          expectsContinue,
        },
        settings,
      ),
    );
  };

  server.on('connection', (socket: Socket) => connections.set(socket, new ClientConnection(socket)));
  server.on('request', (request, response) => take(request, response, false));
  server.on('checkContinue', (request, response) => take(request, response, true));
  server.on('connect', (_, socket) => answerPlainAndClose(socket, 405, 'CONNECT is not offered here.'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { status, message } = refusalFor(error.code);
    const connection = connections.get(socket);
    if (error.code === 'ECONNRESET' || !connection) socket.destroy();
    else connection.refuse(status, message);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, early: Buffer) => {
    if (connections.get(socket)?.isIdle === false) {
      socket.destroy();
      return;
    }
    const admitted = admit(request, settings);
    if (admitted.is === 'turned') {
      answerPlainAndClose(socket, admitted.status, admitted.message);
      return;
    }
    const { head, choice, headers } = admitted;
    if (head.hasBody) {
      answerPlainAndClose(socket, 400, 'An upgrade cannot carry a body.');
      return;
    }
    const { version, setCookie } = choice;
    const { connectMs, answerMs } = timeouts;
    carryUpgrade({ request, socket, early, version, path: head.path, headers, setCookie, connectMs, answerMs });
  });
  return server;
}

function admit(request: IncomingMessage, settings: ProxySettings): Admitted | Turned {
  const head = readHead(request);
  if (head.is === 'refused') return turned(head.status, head.message);
  const service = settings.services.find(head.host, head.path);
  if (!service) return turned(404, 'No service is routed here.');
  const headers = forwardedHeaders(request, head, settings.trustForwarded);
  if (headers === 'loop') return turned(508, 'The request has come by too often: its route leads back here.');
  const choice = chooseVersion(service, head, request.rawHeaders);
  if (!choice) return turned(503, 'No version of this service is routed.');
  return { is: 'admitted', head, choice, headers };
}

function turned(status: number, message: string): Turned {
  return { is: 'turned', status, message };
}

function refusalFor(code: string | undefined): { readonly status: number; readonly message: string } {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, message: `The header exceeds ${HEADER_BYTES_MAX} bytes.` };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, message: 'The request did not arrive in time.' };
  return { status: 400, message: 'The request is not valid HTTP/1.1.' };
}
