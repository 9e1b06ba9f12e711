import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestTurn } from '../../../testing/longest-turn.ts';
import { accepted, byAdmin, startControl } from '../../../testing/start-control.ts';

const MEMBERS = 500_000;
/** A fifth of what comparing both lists in one go takes. */
const LONGEST_MS = 60;

function* keys(step: number) {
  for (let start = 0; start < MEMBERS; start += 1_000) {
    yield Array.from({ length: 1_000 }, (_, index) => `user-${(start + index) * step}`);
  }
}

async function* uploaded(step: number) {
  yield* keys(step);
}

test('S1: while a long list is replaced, also one by half of another, everybody else gets their turn', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(await control.segments.create(byAdmin(), { key: 'vips', members: { keys: ['ana'] } }));
  for (const [step, added, removed] of [
    [1, MEMBERS, 1],
    [2, MEMBERS / 2, MEMBERS / 2],
  ] as const) {
    const turn = await longestTurn(async () => {
      const imported = accepted(await control.segments.importMembers(byAdmin(), 'vips', 'replace', uploaded(step)));
      assert.deepEqual([imported.added, imported.removed], [added, removed]);
    });
    t.diagnostic(`longest turn: ${turn.toFixed(1)} ms of the processor`);
    assert.ok(turn < LONGEST_MS, `${turn} ms`);
  }
});
