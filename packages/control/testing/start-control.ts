import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Outcome, Principal, RefusalCode } from '@spillway/core';
import { createMemoryStore } from '@spillway/stores';
import type {
  Bus,
  Call,
  Clock,
  Control,
  Log,
  MetricSource,
  Router,
  Sign,
  Signatures,
  Store,
  Target,
} from '../src/index.ts';
import { createControl } from '../src/index.ts';

export const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
export const signatures: Signatures = {
  hmacSha256: (text, secret) => createHmac('sha256', secret).update(text).digest('base64url'),
  fromBase64url: (encoded) => Buffer.from(encoded, 'base64url').toString(),
};

const admin: Principal = { kind: 'admin', project: 'default', name: 'ann', via: 'token' };

/** A call by an administrator, with a reason unless the test says otherwise. */
export function byAdmin(more: Partial<Call> = {}): Call {
  return { principal: admin, reason: 'because the test says so', ...more };
}

export function bySdk(environment: string): Call {
  return { principal: { kind: 'sdk', project: 'default', name: 'shop', environment } };
}

export function accepted<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.ok, outcome.ok ? '' : JSON.stringify(outcome.refusal));
  return outcome.value;
}

export function refused(outcome: Outcome<unknown>, code: RefusalCode, field?: string) {
  assert.ok(!outcome.ok, 'should have been refused');
  assert.equal(outcome.refusal.code, code, outcome.refusal.message);
  if (field !== undefined) assert.equal(outcome.refusal.fields?.[0]?.field, field, JSON.stringify(outcome.refusal));
  return outcome.refusal;
}

/** The real clock, which a test may put forward, or set as a person may: then monotonic time goes on as it was. */
export interface TestClock extends Clock {
  skip(ms: number): void;
  /** Below 0: back. */
  set(by_ms: number): void;
}

export function createTestClock(): TestClock {
  let skipped = 0;
  let set = 0;
  return {
    now: () => Date.now() + skipped + set,
    monotonic: () => performance.now() + skipped,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal?.addEventListener('abort', done, { once: true });
      });
    },
    skip(ms) {
      skipped += ms;
    },
    set(by_ms) {
      set += by_ms;
    },
  };
}

export interface TestLog extends Log {
  readonly lines: readonly string[];
}

export function createTestLog(): TestLog {
  const lines: string[] = [];
  const write = (_details: object, message: string) => void lines.push(message);
  return { lines, info: write, warn: write, error: write };
}

/** A bus between the control planes of one test. */
export function createTestBus(): Bus {
  const listeners = new Set<(project: string, seq: number) => void>();
  return {
    async publish(project, seq) {
      for (const listener of listeners) queueMicrotask(() => listener(project, seq));
    },
    subscribe(listener) {
      listeners.add(listener);
      return { close: () => void listeners.delete(listener) };
    },
  };
}

export function createTestStore(): Store {
  return createMemoryStore({ sha256 });
}

const noTarget: Target = {
  async run() {},
  async stop() {},
  observe: async () => [],
};

const noRouter: Router = { async apply() {}, observe: async () => undefined };

const noMetrics: MetricSource = {
  read: async () => ({ epoch: 'none', at_ms: 0, versions: {} }),
};

export interface StartOptions {
  readonly store?: Store;
  readonly clock?: Clock;
  readonly bus?: Bus;
  readonly log?: Log;
  readonly target?: Target;
  readonly router?: Router;
  readonly metrics?: MetricSource;
  readonly holder?: string;
  readonly sign?: Sign;
}

/** A started control plane over the in-memory store; give it to `t.after` to stop. */
export async function startControl(options: StartOptions = {}): Promise<Control> {
  const control = createControl({
    store: options.store ?? createTestStore(),
    clock: options.clock ?? createTestClock(),
    random: { id: () => randomUUID(), secret: () => randomBytes(32).toString('base64url') },
    sha256,
    signatures,
    ...(options.bus === undefined ? {} : { bus: options.bus }),
    target: options.target ?? noTarget,
    router: options.router ?? noRouter,
    metrics: options.metrics ?? noMetrics,
    ...(options.sign === undefined ? {} : { sign: options.sign }),
    ...(options.holder === undefined ? {} : { holder: options.holder }),
    log: options.log ?? createTestLog(),
    project: 'default',
  });
  await control.start();
  return control;
}
