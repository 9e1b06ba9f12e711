import assert from 'node:assert/strict';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, createTestClock, refused, startControl } from '../../testing/start-control.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/changes.ts';

const HOUR_MS = 3_600_000;
const asked = { environment: 'staging' };
const requiring = (flag: string) => ({ prerequisites: [{ flag, variants: ['on'] }] });

onEveryStore('a clock that is set back stops no change, and the newest one is the one in force', async (t, store) => {
  const clock = createTestClock();
  const control = await startControl({ store, clock });
  t.after(() => control.stop());
  for (const key of ['a', 'b']) accepted(await control.flags.create(byAdmin(), { key }));
  clock.skip(-HOUR_MS);
  accepted(await control.flags.updateEnvironment(byAdmin(), 'a', 'staging', { enabled: true, percentage: 100 }));
  accepted(await control.flags.updateEnvironment(byAdmin(), 'b', 'staging', requiring('a')));
  refused(await control.flags.updateEnvironment(byAdmin(), 'a', 'staging', requiring('b')), 'invalid');
  assert.equal(accepted(await control.evaluation.one(byAdmin(), 'a', { targetingKey: 'u' }, asked)).value, true);
  const { items } = accepted(await control.flags.history(byAdmin(), 'a', { limit: 9 }));
  assert.deepEqual(
    items.map(({ version }) => version),
    [2, 1],
  );
});

onEveryStore(
  'a flag as large as a document may be is kept and tried; a larger one is refused by its size',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    const big = (texts: number) => ({
      key: 'big',
      type: 'json' as const,
      variants: [
        { name: 'long', value: Array.from({ length: texts }, () => 'x'.repeat(60_000)) },
        { name: 'short', value: [] },
      ],
      environments: { staging: { enabled: true, fallthrough: { variant: 'long' } } },
    });
    refused(await control.flags.create(byAdmin(), big(Math.ceil(MAX_DOCUMENT_BYTES / 60_000))), 'too_large');
    accepted(await control.flags.create(byAdmin(), big(Math.floor(MAX_DOCUMENT_BYTES / 60_000) - 1)));
    const contexts = Array.from({ length: 1_000 }, (_, index) => ({ targetingKey: `u${index}` }));
    const update = { fallthrough: { variant: 'short' } };
    const began = performance.now();
    const { environments } = accepted(
      await control.flags.preview(byAdmin(), 'big', { environment: 'staging', update, contexts }),
    );
    assert.equal(environments.staging?.changed, contexts.length);
    assert.ok(performance.now() - began < 3_000, 'its value is not written out for each context');
  },
);

onEveryStore('while a list is replaced, everybody is answered from the old or from the new one', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.segments.create(byAdmin(), { key: 'chosen', members: { keys: ['ana'] } }));
  const rules = [{ when: { segment: 'chosen' }, serve: { variant: 'on' } }];
  accepted(
    await control.flags.create(byAdmin(), {
      key: 'a',
      environments: { staging: { enabled: true, percentage: 0, rules } },
    }),
  );
  const crowd = (name: string) => Array.from({ length: 5_000 }, (_, index) => `${name}-${index}`);
  let over = false;
  const importing = (async () => {
    for (const who of ['bo', 'ana', 'bo', 'ana', 'bo', 'ana']) {
      const rows = (async function* () {
        yield [who, ...crowd(who)];
      })();
      accepted(await control.segments.importMembers(byAdmin(), 'chosen', 'replace', rows));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    over = true;
  })();
  let [together, seen] = [0, new Set<boolean>()];
  while (!over) {
    const ana = accepted(await control.evaluation.one(byAdmin(), 'a', { targetingKey: 'ana' }, asked));
    const bo = accepted(await control.evaluation.one(byAdmin(), 'a', { targetingKey: 'bo' }, asked));
    if (ana.flagMetadata.configuration === bo.flagMetadata.configuration) {
      together += 1;
      assert.notEqual(ana.value, bo.value, 'one of the two is on the list');
    }
    seen.add(ana.value === true);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await importing;
  assert.ok(together > 0 && seen.size === 2, `${together} questions, ${seen.size} answers`);
});
