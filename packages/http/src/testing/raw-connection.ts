import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** One connection, byte for byte. */
export interface RawConnection {
  readonly socket: Socket;
  send(bytes: string | Buffer): void;
  /** The next answer, informational ones too; rejects when the connection ends before it. */
  answer(): Promise<RawAnswer>;
  /** Resolves when the server has closed; answers that were not taken are dropped. */
  closed(): Promise<void>;
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  let bytes = Buffer.alloc(0);
  let isOver = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const each of waiting) each();
  };
  const end = () => {
    isOver = true;
    socket.end();
    wake();
  };
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    wake();
  });
  // A server may reset what it has refused.
  socket.on('end', end).on('error', end).on('close', end);

  const take = (): RawAnswer | undefined => {
    const read = readAnswer(bytes);
    if (read !== undefined) bytes = bytes.subarray(read.length);
    return read?.answer;
  };
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const again = () => {
        const found = look();
        if (found === undefined && !isOver) return;
        waiting.delete(again);
        if (found === undefined) reject(new Error(`the connection ended after ${JSON.stringify(bytes.toString())}`));
        else resolve(found);
      };
      waiting.add(again);
      again();
    });
  return {
    socket,
    send: (sent) => void socket.write(sent),
    answer: () => until(take),
    closed: async () => {
      await until(() => (isOver ? true : undefined));
      socket.destroy();
    },
  };
}

function readAnswer(bytes: Buffer): { readonly answer: RawAnswer; readonly length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const length = end + 4 + Number(headers.get('content-length') ?? 0);
  if (bytes.length < length) return undefined;
  const answer = { status: Number(first.split(' ')[1]), headers, body: bytes.toString('utf8', end + 4, length) };
  return { answer, length };
}
