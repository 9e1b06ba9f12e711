/** In the place of `node:test`: keeps tests, so that one process can run any of them again and again. */
export interface Collected {
  readonly name: string;
  readonly run: () => unknown;
}

export const collected: Collected[] = [];
const within: string[] = [];

export function test(name: string, run: () => unknown): void {
  collected.push({ name: [...within, name].join(' › '), run });
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
