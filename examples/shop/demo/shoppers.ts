import { Agent, request as sendRequest } from 'node:http';
import { PRODUCTS } from '../catalogue.ts';

/** How many people there are; each stays the same person for the whole demo. */
export const VISITORS = 400;
/** How many requests may be under way at once; beyond that, nobody starts another. */
export const IN_FLIGHT_MAX = 64;
export const ANSWER_MAX_MS = 15_000;
const TICK_MS = 10;
/** After a stall of this process, requests that are overdue are not all sent at once. */
const BURST_MAX = 5;

export interface Visit {
  readonly sentAtMs: number;
  readonly tookMs: number;
  /** Undefined when nobody of the shop answered. */
  readonly version: string | undefined;
  /** The previous version this person was on. */
  readonly before: string | undefined;
  /** 5xx, or no answer at all: what a person sees as an error. */
  readonly failed: boolean;
}

export interface Shoppers {
  /** Returns when the last requests have been answered. */
  stop(): Promise<void>;
}

interface Person {
  readonly cookies: Map<string, string>;
  step: number;
  isBusy: boolean;
  version: string | undefined;
}

interface Step {
  readonly method: 'GET' | 'POST';
  path(): string;
  body?(): string;
}

const anyProduct = () => PRODUCTS[Math.floor(Math.random() * PRODUCTS.length)]?.id ?? 'tent';

/** What everybody does, over and over. */
const ERRAND: readonly Step[] = [
  { method: 'GET', path: () => '/' },
  { method: 'GET', path: () => '/api/products' },
  { method: 'GET', path: () => `/api/products/${anyProduct()}` },
  { method: 'GET', path: () => `/api/products/${anyProduct()}` },
  { method: 'POST', path: () => '/api/cart', body: () => JSON.stringify({ product: anyProduct() }) },
  { method: 'POST', path: () => '/api/checkout', body: () => '{}' },
];

/** Sends about `rate` requests a second, each from a person who is not waiting for an answer, with that person's cookies. */
export function startShoppers(gatewayUrl: string, rate: number, record: (visit: Visit) => void): Shoppers {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT_MAX });
  const people: readonly Person[] = Array.from({ length: VISITORS }, () => ({
    cookies: new Map<string, string>(),
    step: Math.floor(Math.random() * ERRAND.length),
    isBusy: false,
    version: undefined,
  }));
  const underWay = new Set<Promise<void>>();
  let due = 0;
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    due = Math.min(BURST_MAX, due + ((nowMs - lastMs) * rate) / 1_000);
    lastMs = nowMs;
    for (; due >= 1 && underWay.size < IN_FLIGHT_MAX; due -= 1) {
      const person = someoneIdle(people);
      if (person === undefined) return;
      const done = goOn(person, gatewayUrl, agent, record).finally(() => underWay.delete(done));
      underWay.add(done);
    }
  }, TICK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

function someoneIdle(people: readonly Person[]): Person | undefined {
  const first = Math.floor(Math.random() * people.length);
  for (let tried = 0; tried < people.length; tried += 1) {
    const person = people[(first + tried) % people.length];
    if (person?.isBusy === false) return person;
  }
  return undefined;
}

async function goOn(person: Person, gatewayUrl: string, agent: Agent, record: (visit: Visit) => void): Promise<void> {
  const step = ERRAND[person.step % ERRAND.length];
  if (step === undefined) return;
  person.isBusy = true;
  const sentAtMs = Date.now();
  const started = performance.now();
  const answer = await send(person, step, gatewayUrl, agent);
  const failed = answer === undefined || answer.status >= 500;
  record({
    sentAtMs,
    tookMs: performance.now() - started,
    version: answer?.version,
    before: person.version,
    failed,
  });
  person.version = answer?.version ?? person.version;
  person.step = failed ? 0 : person.step + 1;
  person.isBusy = false;
}

interface Answer {
  readonly status: number;
  readonly version: string | undefined;
}

/** Undefined when the connection failed or the answer did not come whole and in time. */
function send(person: Person, step: Step, gatewayUrl: string, agent: Agent): Promise<Answer | undefined> {
  const body = step.body?.();
  const cookies = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return new Promise((resolve) => {
    const request = sendRequest(`${gatewayUrl}${step.path()}`, {
      method: step.method,
      agent,
      headers: {
        ...(cookies === '' ? {} : { cookie: cookies }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    request.once('error', () => resolve(undefined));
    request.once('response', (response) => {
      for (const line of response.headers['set-cookie'] ?? []) keepCookie(person, line);
      const version = response.headers['x-shop-version'];
      response.resume();
      response.once('error', () => resolve(undefined));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, version: typeof version === 'string' ? version : undefined }),
      );
    });
    request.end(body);
  });
}

function keepCookie(person: Person, line: string): void {
  const [pair = ''] = line.split(';', 1);
  const [name = '', value = ''] = pair.split('=', 2);
  if (/max-age=0/i.test(line)) person.cookies.delete(name);
  else person.cookies.set(name, value);
}
