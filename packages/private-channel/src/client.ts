import { request as sendRequest } from 'node:http';
import type { ChannelAddress } from './address.ts';
import type { Answer } from './answer.ts';

/** How long an answer may take; recording includes the way to the disk. */
export const CHANNEL_TIMEOUT_MS = 5_000;

/** Nobody answered, not in time or not as agreed; the request may have been carried out all the same. */
export class ChannelUnreachable extends Error {}

/** The other side said no; `field` names what of the request it did not like. */
export class ChannelRefusal extends Error {
  readonly status: number;
  readonly field: string | undefined;

  constructor(status: number, message: string, field: string | undefined) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

export interface ChannelClientOptions {
  readonly address: ChannelAddress;
  readonly token: string;
  /** Whom it calls, for messages: `gateway`. */
  readonly peer: string;
  readonly timeoutMs?: number;
}

export interface ChannelClient {
  /** Gives the answer's body. Throws `ChannelUnreachable` or `ChannelRefusal`. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Every call has a connection of its own: the other side may be restarted between any two. */
export function channelClient(options: ChannelClientOptions): ChannelClient {
  return {
    async call(method, path, body) {
      const answer = await send(options, method, path, body === undefined ? undefined : JSON.stringify(body));
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      throw refusalIn(answer, options.peer);
    },
  };
}

function send(options: ChannelClientOptions, method: string, path: string, text: string | undefined): Promise<Answer> {
  const { address, token, peer, timeoutMs = CHANNEL_TIMEOUT_MS } = options;
  return new Promise((resolve, reject) => {
    const unreachable = (error: Error) =>
      reject(new ChannelUnreachable(`The ${peer} cannot be reached: ${error.message}`, { cause: error }));
    const request = sendRequest({
      ...(address.is === 'unix' ? { socketPath: address.path } : { host: address.host, port: address.port }),
      method,
      path,
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.once('error', unreachable);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', unreachable);
      response.once('end', () => {
        const content = Buffer.concat(chunks).toString('utf8');
        try {
          resolve({ status: response.statusCode ?? 0, body: content === '' ? undefined : JSON.parse(content) });
        } catch {
          unreachable(new Error('its answer is not JSON.'));
        }
      });
    });
    request.end(text);
  });
}

function refusalIn({ status, body }: Answer, peer: string): ChannelRefusal {
  const said = (typeof body === 'object' && body !== null ? body : {}) as { message?: unknown; field?: unknown };
  const message = typeof said.message === 'string' ? said.message : `The ${peer} answered ${status}.`;
  const field = typeof said.field === 'string' ? said.field : undefined;
  return new ChannelRefusal(status, field === undefined ? message : `${field}: ${message}`, field);
}
