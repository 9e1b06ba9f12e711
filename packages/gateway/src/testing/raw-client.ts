import { connect, type Socket } from 'node:net';

/** A client connection that sends exactly the bytes it is told to. */
export interface RawClient {
  readonly socket: Socket;
  send(bytes: string | Buffer): void;
  /** All that came so far, as Latin-1. */
  received(): string;
  /** Returns once `wanted` is in what came, or throws after `withinMs` or when the connection ends without it. */
  until(wanted: string | RegExp, withinMs?: number): Promise<string>;
  /** Returns all that came once the gateway has closed its side; throws after `withinMs`. */
  closed(withinMs?: number): Promise<string>;
}

export async function openRaw(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  let received = '';
  let ended = false;
  let notify: () => void = () => undefined;
  const changed = () => notify();
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    changed();
  });
  const onEnd = () => {
    ended = true;
    changed();
  };
  socket.on('end', onEnd).on('close', onEnd).on('error', onEnd);
  await new Promise<void>((resolve) => socket.once('connect', resolve));

  const waitFor = (isDone: () => boolean, what: string, withinMs: number) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`No ${what} within ${withinMs} ms; got ${JSON.stringify(received)}`)),
        withinMs,
      );
      notify = () => {
        if (!isDone() && !ended) return;
        clearTimeout(timer);
        if (isDone()) resolve(received);
        else reject(new Error(`The connection ended without ${what}; got ${JSON.stringify(received)}`));
      };
      notify();
    });
  return {
    socket,
    send: (bytes) => socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    received: () => received,
    until: (wanted, withinMs = 3_000) =>
      waitFor(
        () => (typeof wanted === 'string' ? received.includes(wanted) : wanted.test(received)),
        String(wanted),
        withinMs,
      ),
    closed: (withinMs = 3_000) => waitFor(() => ended, 'end of connection', withinMs),
  };
}

/** Sends `bytes` on a new connection and returns everything until the gateway closes or `quietMs` have passed. */
export async function exchangeRaw(port: number, bytes: string | Buffer, quietMs = 300): Promise<string> {
  const client = await openRaw(port);
  client.send(bytes);
  const answer = await client.closed(quietMs).catch(() => client.received());
  client.socket.destroy();
  return answer;
}
