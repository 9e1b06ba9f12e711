import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';

/**
 * A load generator as a process of its own: `--port --seconds --connections [--rate] [--path] [--body] [--header …]`. Without a rate each
 * connection asks again as soon as it has its answer; with a rate requests are due at each tick of a millisecond whatever the
 * answers do, and latency counts from when a request was due, also while all connections wait. Prints one JSON line.
 */

const DRAIN_MS = 2_000;

interface Client {
  readonly socket: Socket;
  dueMs: number;
  isBusy: boolean;
  received: string;
}

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string' },
    rate: { type: 'string' },
    path: { type: 'string', default: '/' },
    body: { type: 'string' },
    header: { type: 'string', multiple: true, default: [] },
  },
});
const seconds = Number(values.seconds);
const rate = values.rate === undefined ? undefined : Number(values.rate);
const { path, body } = values;
const headers = [
  'Host: 127.0.0.1',
  ...values.header,
  ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
];
const line = `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`;
const REQUEST = Buffer.from(`${[line, ...headers].join('\r\n')}\r\n\r\n${body ?? ''}`);

const latenciesMs: number[] = [];
const failures: Record<string, number> = {};
const idle: Client[] = [];
const waiting: number[] = [];
let sent = 0;
let isOver = false;

function fail(kind: string): void {
  failures[kind] = (failures[kind] ?? 0) + 1;
}

function send(client: Client, dueMs: number): void {
  client.dueMs = dueMs;
  client.isBusy = true;
  sent += 1;
  client.socket.write(REQUEST);
}

function onAnswer(client: Client): void {
  client.isBusy = false;
  latenciesMs.push(performance.now() - client.dueMs);
  if (isOver) return;
  const due = rate === undefined ? performance.now() : waiting.shift();
  if (due === undefined) idle.push(client);
  else send(client, due);
}

/** Takes one whole answer from what was received; throws on anything but a plain 200. */
function takeAnswer(client: Client): boolean {
  const end = client.received.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const head = client.received.slice(0, end);
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(head.slice(9, 12));
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
  if (client.received.length < end + 4 + length) return false;
  client.received = client.received.slice(end + 4 + length);
  return true;
}

function open(port: number): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const client: Client = { socket, dueMs: 0, isBusy: false, received: '' };
    socket.once('connect', () => resolve(client));
    socket.once('error', reject);
    socket.on('data', (chunk: Buffer) => {
      client.received += chunk.toString('latin1');
      try {
        if (takeAnswer(client)) onAnswer(client);
      } catch (error) {
        fail(`status ${error instanceof Error ? error.message : ''}`);
        client.isBusy = false;
        socket.destroy();
      }
    });
    socket.on('close', () => {
      if (client.isBusy) fail('cut off');
      if (!isOver)
        void open(port).then((again) => (rate === undefined ? send(again, performance.now()) : idle.push(again)));
    });
  });
}

async function paced(perSecond: number): Promise<void> {
  const start = performance.now();
  const total = Math.floor(perSecond * seconds);
  for (let due = 0; due < total; ) {
    // The timer of this process is a millisecond coarse, for which nobody else is to blame: what is due by now is due now.
    const at = performance.now();
    for (; due < total && (due * 1_000) / perSecond <= at - start; due++) {
      const client = idle.pop();
      if (client) send(client, at);
      else waiting.push(at);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const clients = await Promise.all(Array.from({ length: Number(values.connections) }, () => open(Number(values.port))));
const startedMs = performance.now();
if (rate === undefined) {
  for (const client of clients) send(client, performance.now());
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
} else {
  idle.push(...clients);
  await paced(rate);
}
const tookMs = performance.now() - startedMs;
isOver = true;
for (const end = performance.now() + DRAIN_MS; clients.some((client) => client.isBusy) && performance.now() < end; ) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const unanswered = clients.filter((client) => client.isBusy).length;
if (unanswered > 0) failures.unanswered = unanswered;
for (const client of clients) {
  client.isBusy = false;
  client.socket.destroy();
}
latenciesMs.sort((a, b) => a - b);
const at = (share: number) =>
  latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? 0;
const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
process.stdout.write(
  `${JSON.stringify({ requests: latenciesMs.length, sent, per_second: (latenciesMs.length * 1_000) / tookMs, p50_ms: at(0.5), p99_ms: at(0.99), failed, failures })}\n`,
);
process.exit(0);
