import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store, UserSketch } from '@spillway/control/ports';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What every store promises of sketches of users. */
export function sketchTests(store: () => Store, newProject: () => string): void {
  const sketch = (text: string, more: Partial<UserSketch> = {}): UserSketch => ({
    ...{ environment: 'production', flag: 'a', variant: 'on', part: 'hour', at_ms: HOUR_MS, sketch: text },
    ...more,
  });
  const all = { hour_ms: 0, day_ms: 0 };

  test('sketches of one variant and part merge, also within one call, and again makes no difference', async () => {
    const project = newProject();
    const { merge, of } = store().userSketches;
    await merge(project, [sketch('sAAB'), sketch('sAACABB')]);
    await merge(project, [sketch('sAABBBD')]);
    for (let times = 0; times < 2; times += 1) await merge(project, [sketch('sAAB')]);
    assert.deepEqual(await of(project, 'a', all), [sketch('sAACABBBBD')]);
    assert.deepEqual(await of(newProject(), 'a', all), []);
    await merge(project, []);
  });

  test('what is merged at the same moment is lost from neither side', async () => {
    const project = newProject();
    const { merge, of } = store().userSketches;
    const letters = [...'ABCDEFGHIJKLMNOP'];
    await Promise.all(
      letters.map((letter) =>
        merge(project, [sketch(`sA${letter}B`), sketch(`sB${letter}B`, { flag: `b-${letter}` })]),
      ),
    );
    assert.deepEqual(await of(project, 'a', all), [sketch(`s${letters.map((letter) => `A${letter}B`).join('')}`)]);
    assert.deepEqual(await of(project, 'b-P', all), [sketch('sBPB', { flag: 'b-P' })]);
  });

  test('they are told apart by environment, part, time and variant, in this order, from a time for each part on', async () => {
    const project = newProject();
    const wanted = [
      sketch('sAAB', { environment: 'a-b', part: 'day', at_ms: DAY_MS }),
      sketch('sAAB', { environment: 'a-b', part: 'day', at_ms: 2 * DAY_MS }),
      sketch('sAAB', { environment: 'a-b', variant: null }),
      sketch('sAAC', { environment: 'a-b' }),
      sketch('sAAD', { environment: 'a-b', at_ms: 2 * HOUR_MS, variant: 'off' }),
      sketch('sAAE', { environment: 'a.b', at_ms: 0 }),
    ];
    await store().userSketches.merge(project, [...wanted.toReversed(), sketch('sAAF', { flag: 'b' })]);
    assert.deepEqual(await store().userSketches.of(project, 'a', all), wanted);
    const since = { hour_ms: HOUR_MS, day_ms: 2 * DAY_MS };
    assert.deepEqual(await store().userSketches.of(project, 'a', since), wanted.slice(1, 5));
    await store().userSketches.forget(project, since);
    assert.deepEqual(await store().userSketches.of(project, 'a', all), wanted.slice(1, 5));
  });

  test('many are merged at once, and what is no sketch is refused', async () => {
    const project = newProject();
    const { merge, of } = store().userSketches;
    const many = Array.from({ length: 1_500 }, (_, index) => sketch('sAAB', { flag: `f${index % 7}`, at_ms: index }));
    await merge(project, many);
    await merge(
      project,
      many.map((one) => ({ ...one, sketch: 'sAAC' })),
    );
    const found = await of(project, 'f3', all);
    assert.deepEqual([found.length, new Set(found.map((one) => one.sketch))], [214, new Set(['sAAC'])]);
    await assert.rejects(merge(project, [sketch('sAA')]), TypeError);
    await assert.rejects(merge(project, [sketch('sAAB', { at_ms: 0.5 })]), { message: /at_ms must be a whole number/ });
  });
}
