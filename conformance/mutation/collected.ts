import { mock } from 'node:test';

/** In the place of `node:test`: keeps tests, so that one process can run any of them again and again. */
export interface Collected {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** As much of the runner's own as tests here ask for. */
interface Context {
  readonly mock: typeof mock;
  readonly after: (clean: () => unknown) => void;
  readonly diagnostic: (message: string) => void;
}

interface Options {
  readonly skip?: string | boolean;
}

type Body = (context: Context) => unknown;

export const collected: Collected[] = [];
const within: string[] = [];

export function test(name: string, ...rest: readonly [Body] | readonly [Options, Body]): void {
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  const { skip = false } = options;
  if (skip !== false) return;
  collected.push({ name: [...within, name].join(' › '), run: () => runAndClean(body) });
}

async function runAndClean(body: Body): Promise<void> {
  const left: (() => unknown)[] = [];
  try {
    await body({ mock, after: (clean) => left.push(clean), diagnostic: () => undefined });
  } finally {
    mock.restoreAll();
    for (const clean of left) await clean();
  }
}

export const it = test;

export function describe(name: string, body: () => void): void {
  within.push(name);
  try {
    body();
  } finally {
    within.pop();
  }
}
