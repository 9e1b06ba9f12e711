import { createServer, type Server, type Socket } from 'node:net';
import type { Answer } from '../clients/answer.ts';
import { ClientConnection, type ClientTimeouts, type Taken } from '../clients/connection.ts';
import type { ClientRequest } from '../clients/request.ts';
import { Deadlines } from '../instances/deadlines.ts';
import { Exchange } from './exchange.ts';
import { forwardedHeaders, headText } from './forwarded.ts';
import { type RequestHead, readHead } from './head.ts';
import type { ProxySettings } from './settings.ts';
import { type Choice, chooseVersion } from './sticky.ts';
import { carryUpgrade, upgradeTaken } from './upgrade.ts';

/** New connections that the system keeps while this process is busy. */
const BACKLOG = 4_096;

export interface DoorTimeouts extends ClientTimeouts {
  readonly connectMs: number;
  readonly answerMs: number;
}

/** A request that may pass: what it says, and where it goes. */
interface Admitted {
  readonly is: 'admitted';
  readonly head: RequestHead;
  readonly choice: Choice;
  /** As they go over the wire. */
  readonly headers: string;
}

interface Turned {
  readonly is: 'turned';
  readonly status: number;
  readonly message: string;
  /** Nothing that follows on the connection is read. */
  readonly isLast: boolean;
}

/** The public side: takes connections, and makes an exchange of each request that may pass. */
export class Door {
  readonly #settings: ProxySettings;
  readonly #timeouts: DoorTimeouts;
  readonly #deadlines = new Deadlines();
  readonly #server: Server;
  /** Also those that speak another protocol by now. */
  readonly #sockets = new Map<Socket, ClientConnection>();
  #onEmpty: (() => void) | undefined;

  constructor(settings: ProxySettings, timeouts: DoorTimeouts) {
    this.#settings = settings;
    this.#timeouts = timeouts;
    // A client may end its side once its request is sent; ClientConnection bounds how long it is believed to still read.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#open(socket));
  }

  /** Returns its address, e.g. `http://127.0.0.1:8080`. */
  listen(host: string, port: number): Promise<string> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, backlog: BACKLOG }, () => {
        server.off('error', reject);
        const address = server.address();
        const actual = typeof address === 'object' && address ? address.port : port;
        resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
      });
    });
  }

  /** Takes no more connections, lets requests under way finish, and cuts what is left after `withinMs`. */
  close(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cut = setTimeout(() => {
        for (const socket of this.#sockets.keys()) socket.destroy();
      }, withinMs);
      // The server's own count is of accepted sockets, in whose place others were put.
      this.#onEmpty = () => {
        clearTimeout(cut);
        this.#deadlines.stop();
        resolve();
      };
      this.#server.close();
      for (const connection of this.#sockets.values()) connection.drain();
      if (this.#sockets.size === 0) this.#onEmpty();
    });
  }

  #open(accepted: Socket): void {
    const connection = new ClientConnection(accepted, {
      timeouts: this.#timeouts,
      deadlines: this.#deadlines,
      draining: this.#settings.draining,
      take: this.#take,
    });
    const { socket } = connection;
    this.#sockets.set(socket, connection);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#onEmpty?.();
    });
  }

  readonly #take = (request: ClientRequest, answer: Answer, connection: ClientConnection): Taken => {
    const received = request.head;
    if (received.method === 'CONNECT') return turnAway(answer, turned(405, 'CONNECT is not offered here.'));
    const admitted = admit(request, connection.address, this.#settings);
    const protocol = upgradeTaken(received);
    if (admitted.is === 'turned') {
      if (admitted.isLast || protocol !== undefined || this.#settings.draining()) return turnAway(answer, admitted);
      answer.plain(admitted.status, admitted.message);
      request.discard();
      return 'taken';
    }
    if (protocol !== undefined) return this.#upgrade(admitted, protocol, answer, connection);
    const { head, choice, headers } = admitted;
    connection.run(
      new Exchange(
        {
          request,
          answer,
          connection,
          version: choice.version,
          head: headText(received.method, head.path, headers, head.isChunked),
          hasBody: head.hasBody,
          isChunked: head.isChunked,
          setCookie: choice.setCookie,
          expectsContinue: head.expectsContinue,
        },
        this.#settings,
      ),
    );
    return 'taken';
  };

  #upgrade({ head, choice, headers }: Admitted, protocol: string, answer: Answer, connection: ClientConnection): Taken {
    if (head.hasBody) return turnAway(answer, turned(400, 'An upgrade cannot carry a body.'));
    if (!connection.isFree)
      return turnAway(answer, turned(400, 'An upgrade cannot follow a request that is not answered.'));
    const { version, setCookie } = choice;
    const { connectMs, answerMs, clientStallMs } = this.#timeouts;
    return (socket, early) =>
      carryUpgrade({
        protocol,
        socket,
        early,
        version,
        path: head.path,
        headers,
        setCookie,
        connectMs,
        answerMs,
        clientStallMs,
      });
  }
}

function admit(request: ClientRequest, clientAddress: string, settings: ProxySettings): Admitted | Turned {
  const head = readHead(request.head);
  if (head.is === 'refused') return turned(head.status, head.message);
  const service = settings.services.find(head.host, head.path);
  // A client that was not asked for its body may send it or not: what follows cannot be told apart.
  if (!service) return { ...turned(404, 'No service is routed here.'), isLast: head.expectsContinue };
  const headers = forwardedHeaders(request.head, head, clientAddress, settings.trustForwarded);
  if (headers === 'loop') return turned(508, 'The request has come by too often: its route leads back here.');
  const choice = chooseVersion(service, head, request.head.lines);
  if (!choice) return turned(503, 'No version of this service is routed.');
  return { is: 'admitted', head, choice, headers };
}

/** The last answer of its connection. */
function turnAway(answer: Answer, { status, message }: Turned): 'stop' {
  answer.keepAlive = false;
  answer.plain(status, message);
  return 'stop';
}

function turned(status: number, message: string): Turned {
  return { is: 'turned', status, message, isLast: true };
}
