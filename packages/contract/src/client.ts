import type { z } from 'zod';
import { endpoints } from './endpoints.ts';
import type { Problem } from './problem.ts';
import type { Route } from './route.ts';
import type { RouteName, Routes } from './routes.ts';

type Part<R, K extends keyof Route> = R extends { readonly [key in K]: infer S extends z.ZodType }
  ? { readonly [key in K]: Lenient<z.input<S>> }
  : object;
/** Fields that may be left out may be given as undefined too: neither is sent. */
type Lenient<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };
type Conditional<R> = R extends { readonly conditional: true } ? { readonly ifMatch?: number | undefined } : object;

type Uploading<R> = R extends { readonly upload: infer T extends readonly string[] }
  ? { readonly upload: { readonly type: T[number]; readonly content: UploadContent } }
  : object;

/** What can be sent as it is; a stream is sent as it comes. */
export type UploadContent = string | Blob | ReadableStream<Uint8Array>;

/** What a call of the named route takes. */
export type CallInput<N extends RouteName> = Part<Routes[N], 'params'> &
  Part<Routes[N], 'body'> &
  Partial<Part<Routes[N], 'query'>> &
  Uploading<Routes[N]> &
  Conditional<Routes[N]> & {
    readonly idempotencyKey?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  };

/** What it answers. */
export type CallOutput<N extends RouteName> = Routes[N]['success'] extends { readonly body: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

export type CallResult<N extends RouteName> =
  | { readonly ok: true; readonly value: CallOutput<N> }
  | { readonly ok: false; readonly problem: Problem };

/** Routes whose answer is a file. */
export type FileRouteName = {
  [N in RouteName]: Routes[N]['success'] extends { readonly file: readonly string[] } ? N : never;
}[RouteName];

export type DownloadResult =
  | { readonly ok: true; readonly content: ReadableStream<Uint8Array> }
  | { readonly ok: false; readonly problem: Problem };

/** Calls routes by name. A refusal is a value; only a missing network is one too, with code `network`. */
export interface Client {
  call<N extends RouteName>(name: N, input: CallInput<N>): Promise<CallResult<N>>;
  /** A file as it comes: reading on fails when the connection breaks before its end. */
  download<N extends FileRouteName>(name: N, input: CallInput<N>): Promise<DownloadResult>;
}

export const DEFAULT_TIMEOUT_MS = 30_000;
/** Of a call that uploads or downloads a file. */
export const FILE_TIMEOUT_MS = 10 * 60_000;

export interface ClientOptions {
  /** Where the control plane answers, e.g. `http://127.0.0.1:8080`; in a page of its own, `''`. */
  readonly baseUrl: string;
  /** Sent as a bearer token; a page with a session cookie needs none. */
  readonly token?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** How long one call may take, its answer's body included; `DEFAULT_TIMEOUT_MS` unless said otherwise. */
  readonly timeoutMs?: number | undefined;
}

/** What any call may carry, whichever route it is for. */
interface AnyInput {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly upload?: { readonly type: string; readonly content: UploadContent };
  readonly ifMatch?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A typed client over `fetch`. It never throws for what the server or the network does: a refusal comes back as its
 * problem document, and what happens on the way has the codes `network`, `timeout`, `aborted` and `unreadable`; a body that is no JSON is
 * `invalid` before it is sent.
 */
export function createClient(options: ClientOptions): Client {
  return {
    async call<N extends RouteName>(name: N, input: CallInput<N>): Promise<CallResult<N>> {
      const any: AnyInput = input;
      const timeoutMs = options.timeoutMs ?? (any.upload === undefined ? DEFAULT_TIMEOUT_MS : FILE_TIMEOUT_MS);
      return exchange(options, name, any, AbortSignal.timeout(timeoutMs), timeoutMs, read<N>);
    },
    download(name, input) {
      const timeoutMs = options.timeoutMs ?? FILE_TIMEOUT_MS;
      return exchange(options, name, input, AbortSignal.timeout(timeoutMs), timeoutMs, readFile);
    },
  };
}

type Refused = { readonly ok: false; readonly problem: Problem };

async function exchange<R extends { readonly ok: boolean }>(
  options: ClientOptions,
  name: RouteName,
  input: AnyInput,
  timeout: AbortSignal,
  timeoutMs: number,
  take: (response: Response) => Promise<R>,
): Promise<R | Refused> {
  const base = options.baseUrl.replace(/\/+$/, '');
  const send = options.fetch ?? globalThis.fetch;
  const signal = input.signal === undefined ? timeout : AbortSignal.any([input.signal, timeout]);
  const written = write(input.body);
  if (!written.ok) return written;
  try {
    return await take(
      await send(`${base}${target(name, input)}`, request(name, input, written.text, options.token, signal)),
    );
  } catch (error) {
    return { ok: false, problem: unanswered(error, input.signal, timeout, timeoutMs, base) };
  }
}

function target(name: RouteName, input: AnyInput): string {
  const path = endpoints[name].path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
    encodeURIComponent(String(input.params?.[parameter])),
  );
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(field, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

function write(body: unknown): { readonly ok: true; readonly text: string | undefined } | Refused {
  try {
    return { ok: true, text: body === undefined ? undefined : JSON.stringify(body) };
  } catch (error) {
    // Such as a value that contains itself; YAML can say that.
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { ok: false, problem: local('invalid', 'Not JSON', `The body cannot be written as JSON: ${why}.`) };
  }
}

function request(
  name: RouteName,
  input: AnyInput,
  body: string | undefined,
  token: string | undefined,
  signal: AbortSignal,
): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (input.ifMatch !== undefined) headers['if-match'] = `"${input.ifMatch}"`;
  if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey;
  const { method } = endpoints[name];
  if (input.upload !== undefined) {
    headers['content-type'] = input.upload.type;
    // Without `duplex`, engines refuse to send a stream; their types do not all know it yet.
    const streaming = { body: input.upload.content, duplex: 'half' } as RequestInit;
    return { method, headers, signal, redirect: 'error', ...streaming };
  }
  if (body === undefined) return { method, headers, signal, redirect: 'error' };
  headers['content-type'] = 'application/json';
  return { method, headers, signal, redirect: 'error', body };
}

async function read<N extends RouteName>(response: Response): Promise<CallResult<N>> {
  const text = await response.text();
  const value = parse(text);
  if (response.ok && (text === '' || value !== undefined)) {
    // The server validates what it takes and owns what it answers: its types are trusted here.
    return { ok: true, value: value as CallOutput<N> };
  }
  return { ok: false, problem: isProblem(value) ? value : unreadable(response, text) };
}

async function readFile(response: Response): Promise<DownloadResult> {
  if (response.ok && response.body !== null) return { ok: true, content: response.body };
  const text = await response.text();
  const value = parse(text);
  return { ok: false, problem: isProblem(value) ? value : unreadable(response, text) };
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { code, detail, status } = value as Partial<Record<string, unknown>>;
  return typeof code === 'string' && typeof detail === 'string' && typeof status === 'number';
}

function unreadable(response: Response, text: string): Problem {
  const start = text.slice(0, 80).replaceAll(/\s+/g, ' ');
  return local(
    'unreadable',
    'Not an answer of this API',
    `The answer (HTTP ${response.status}) is not from a Spillway control plane: "${start}". Check the address.`,
    response.status,
  );
}

function unanswered(
  error: unknown,
  signal: AbortSignal | undefined,
  timeout: AbortSignal,
  timeoutMs: number,
  base: string,
): Problem {
  if (signal?.aborted === true) return local('aborted', 'Call given up', 'The caller gave up waiting.');
  const where = base === '' ? 'the server' : base;
  if (timeout.aborted) return local('timeout', 'No answer in time', `No answer from ${where} within ${timeoutMs} ms.`);
  return local('network', 'Server not reached', `Cannot reach ${where}: ${describe(error)}. Is it running?`);
}

/** `fetch` says only "fetch failed"; the reason is in the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error.cause instanceof Error)) return error.message;
  const { code } = error.cause as Error & { readonly code?: unknown };
  if (typeof code === 'string' && code.startsWith('ERR_SSL')) return `no TLS is spoken there (${code})`;
  return typeof code === 'string' && error.cause.message === '' ? code : error.cause.message;
}

function local(code: string, title: string, detail: string, status = 0): Problem {
  return { type: `https://spillway.dev/problems/${code}`, title, status, detail, code };
}
