import { request as sendRequest } from 'node:http';
import type { AdminAddress } from './address.ts';

/** How long the supervisor may take to answer; recording includes the way to the disk. */
export const ADMIN_TIMEOUT_MS = 5_000;
/** A supervisor that is just starting again is waited for this long. */
const RETRY_FOR_MS = 2_000;
const RETRY_EVERY_MS = 100;

export class SupervisorUnreachable extends Error {}

/** The supervisor said no; `field` names what of the version it did not like. */
export class SupervisorRefusal extends Error {
  readonly status: number;
  readonly field: string | undefined;

  constructor(status: number, message: string, field: string | undefined) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** Sends one request and gives the answer's body. Every call is idempotent, so one that found nobody is tried again. */
export async function callSupervisor(
  address: AdminAddress,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const until = performance.now() + RETRY_FOR_MS;
  for (;;) {
    try {
      return await send(address, token, method, path, body);
    } catch (error) {
      if (error instanceof SupervisorRefusal || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_EVERY_MS));
    }
  }
}

function send(address: AdminAddress, token: string, method: string, path: string, body: unknown): Promise<unknown> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const unreachable = (error: Error) =>
      reject(new SupervisorUnreachable(`The supervisor cannot be reached: ${error.message}`, { cause: error }));
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
      signal: AbortSignal.timeout(ADMIN_TIMEOUT_MS),
    });
    request.once('error', unreachable);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', unreachable);
      response.once('end', () => {
        const read = parse(Buffer.concat(chunks).toString('utf8'));
        const status = response.statusCode ?? 0;
        if (read === undefined) unreachable(new Error('its answer is not JSON.'));
        else if (status >= 200 && status < 300) resolve(read.body);
        else reject(refusalIn(status, read.body));
      });
    });
    request.end(text);
  });
}

function parse(content: string): { readonly body: unknown } | undefined {
  try {
    return { body: content === '' ? undefined : JSON.parse(content) };
  } catch {
    return undefined;
  }
}

function refusalIn(status: number, body: unknown): SupervisorRefusal {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as { message?: unknown; field?: unknown };
  const message = typeof fields.message === 'string' ? fields.message : `The supervisor answered ${status}.`;
  const field = typeof fields.field === 'string' ? fields.field : undefined;
  return new SupervisorRefusal(status, field === undefined ? message : `${field}: ${message}`, field);
}
