import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FlagDefinition, Snapshot, SnapshotDelta } from '@spillway/evaluator';
import type { SentContexts } from '../context-sample.ts';
import type { SampleTerms } from '../sample-terms.ts';
import type { AnswerCount } from '../tally.ts';
import type { SentUsers } from '../user-tally.ts';

export const SDK_KEY = 'test-key';

/** How the server treats streams. */
export type StreamManner = 'speaks' | 'holds_back' | 'not_found' | 'empty';

export interface SdkServer {
  readonly url: string;
  readonly port: number;
  /** What a whole fetch, or a stream without a usable id, gets. */
  snapshot: unknown;
  streams: StreamManner;
  key: string;
  /** How summaries are answered; an older server has no door for them and says 404. */
  summaryStatus: 202 | 404 | 503;
  /** An older server refuses summaries with configurations as it refuses all that it does not know. */
  knowsConfigurations: boolean;
  /** Takes summaries in and closes the connection instead of answering. */
  losesAnswers: boolean;
  /** What an answer to a summary allows to be told of contexts. */
  terms: SampleTerms | undefined;
  /** Whether answers to summaries say that sketches of users are taken. */
  uniqueUsers: boolean;
  readonly summaries: {
    readonly from: string;
    readonly to: string;
    readonly counts: readonly AnswerCount[];
    readonly contexts?: SentContexts;
    readonly users?: readonly SentUsers[];
  }[];
  /** Every byte of every request's body and head, for tests of what must not leave. */
  readonly heard: string[];
  /** What was asked: `stream`, `stream 7` when resuming, `snapshot`, `snapshot unchanged`. */
  readonly asked: string[];
  /** Resumes answer with these, by the id asked for, or with nothing yet. */
  readonly missed: Map<string, readonly SnapshotDelta[] | 'later'>;
  readonly open: () => number;
  send(event: string, id: number, data: unknown): void;
  /** Raw bytes to every open stream. */
  write(bytes: string | Uint8Array): void;
  drop(): void;
  close(): Promise<void>;
}

/** The transport's other end, as the contract describes it, on real sockets. */
export async function startSdkServer(first: unknown, port = 0): Promise<SdkServer> {
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => answer(request, response));
  const state = {
    snapshot: first,
    streams: 'speaks' as StreamManner,
    key: SDK_KEY,
    asked: [] as string[],
    summaryStatus: 202 as SdkServer['summaryStatus'],
    knowsConfigurations: true,
    losesAnswers: false,
    terms: undefined as SampleTerms | undefined,
    uniqueUsers: false,
  };
  const summaries: SdkServer['summaries'] = [];
  const heard: string[] = [];
  const missed: SdkServer['missed'] = new Map();

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    heard.push(`${request.url} ${JSON.stringify(request.headers)}`);
    if (request.headers.authorization !== `Bearer ${state.key}`) {
      state.asked.push('denied');
      response.writeHead(401).end();
    } else if (request.url === '/api/v1/sdk/summaries') summary(request, response);
    else if (request.url === '/api/v1/sdk/snapshot') whole(request, response);
    else stream(request, response);
  };
  const summary = (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      heard.push(text);
      if (!state.knowsConfigurations && text.includes('"configurations"')) {
        response.writeHead(422).end();
        return;
      }
      if (state.summaryStatus === 202) summaries.push(JSON.parse(text));
      if (state.losesAnswers) {
        response.destroy();
        return;
      }
      response
        .writeHead(state.summaryStatus, { 'content-type': 'application/json' })
        .end(JSON.stringify({ counted: 0, contexts: state.terms, ...(state.uniqueUsers && { unique_users: true }) }));
    });
  };
  const whole = (request: IncomingMessage, response: ServerResponse) => {
    const text = typeof state.snapshot === 'string' ? state.snapshot : JSON.stringify(state.snapshot);
    const etag = `"${text.length}-${/"number":(\d+)/.exec(text)?.[1] ?? ''}"`;
    const unchanged = request.headers['if-none-match'] === etag;
    state.asked.push(unchanged ? 'snapshot unchanged' : 'snapshot');
    if (unchanged) response.writeHead(304).end();
    else response.writeHead(200, { 'content-type': 'application/json', etag }).end(text);
  };
  const stream = (request: IncomingMessage, response: ServerResponse) => {
    const id = request.headers['last-event-id'];
    state.asked.push(id === undefined ? 'stream' : `stream ${String(id)}`);
    if (state.streams === 'not_found') return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    if (state.streams === 'empty') return response.end();
    open.add(response);
    response.on('close', () => open.delete(response));
    if (state.streams === 'holds_back') return undefined;
    response.write('retry: 1000\n\n');
    const deltas = missed.get(String(id));
    if (deltas === 'later') return undefined;
    if (deltas === undefined) response.write(event('snapshot', 0, state.snapshot));
    for (const delta of deltas ?? []) response.write(event('delta', delta.number, delta));
    if (deltas !== undefined) response.write(event('current', 0, { number: deltas.at(-1)?.number ?? Number(id) }));
    return undefined;
  };

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    missed,
    summaries,
    heard,
    open: () => open.size,
    send: (name: string, id: number, data: unknown) => {
      for (const response of open) response.write(event(name, id, data));
    },
    write: (bytes: string | Uint8Array) => {
      for (const response of open) response.write(bytes);
    },
    drop: () => {
      for (const response of open) response.destroy();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function event(name: string, id: number, data: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

export function snapshotOf(number: number, on: boolean, changes: Partial<Snapshot> = {}): Snapshot {
  return {
    format: 'spillway.snapshot/1',
    project: 'default',
    environment: 'production',
    number,
    flags: { checkout: checkout(number, on) },
    segments: {},
    switches: {},
    ...changes,
  };
}

export function deltaOf(
  base: number,
  number: number,
  on: boolean,
  changes: Partial<SnapshotDelta> = {},
): SnapshotDelta {
  return {
    format: 'spillway.delta/1',
    project: 'default',
    environment: 'production',
    base,
    number,
    flags: { checkout: checkout(number, on) },
    ...changes,
  };
}

function checkout(version: number, on: boolean): FlagDefinition {
  return {
    key: 'checkout',
    version,
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    services: [],
    enabled: true,
    off_variant: 'off',
    targets: [],
    rules: [],
    fallthrough: { variant: on ? 'on' : 'off' },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: 'checkout' },
  };
}
