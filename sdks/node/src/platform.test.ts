import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { nodePlatform } from './platform.ts';

const TIMER_OF_NODE = globalThis.setTimeout;

afterEach(() => {
  globalThis.setTimeout = TIMER_OF_NODE;
});

/** As jsdom and workers at the edge have it: what is set is a number, with nothing to call. */
function asInPages(): void {
  const timerOfPage = (callback: () => void, delayMs?: number) => Number(TIMER_OF_NODE(callback, delayMs));
  globalThis.setTimeout = Object.assign(timerOfPage, TIMER_OF_NODE) as unknown as typeof setTimeout;
}

test('timers work where they are those of a page', async () => {
  const { after } = nodePlatform({});
  const told: string[] = [];
  asInPages();
  const cancel = after(1, () => told.push('cancelled'));
  after(1, () => told.push('later'));
  cancel();
  globalThis.setTimeout = TIMER_OF_NODE;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(told, ['later']);
});
