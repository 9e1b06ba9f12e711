import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { context, MAX_CONTEXT_CHARACTERS } from './schemas.ts';

const SEED = 20_261_125;

/** The same rules without the glance. */
function full(value: unknown): boolean {
  const names = z.record(
    z.string().max(256),
    z.unknown().refine((each) => each !== undefined),
  );
  return names.safeParse(value).success && JSON.stringify(value).length <= MAX_CONTEXT_CHARACTERS;
}

test('a glance lets nothing pass that the full look refuses, and refuses nothing by itself', () => {
  const attribute = fc.oneof(
    fc.string({ maxLength: 40, unit: 'binary' }),
    fc.constantFrom('\u0001'.repeat(3_000), 'x'.repeat(5_400), '"'.repeat(17_000)),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(fc.string()),
  );
  const name = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('n'.repeat(256), 'n'.repeat(257)));
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(name, attribute, { noNullPrototype: true }), attribute), (value) => {
      const passes = context.safeParse(value).success;
      assert.equal(passes, full(value), `seed ${SEED}`);
      accepted += Number(passes);
    }),
    { seed: SEED, numRuns: 1_000 },
  );
  assert.ok(accepted > 50, `only ${accepted} were accepted`);
});

test('as much as may be is accepted, one character more is not', () => {
  const largest = { a: 'x'.repeat(MAX_CONTEXT_CHARACTERS - '{"a":""}'.length) };
  assert.ok(context.safeParse(largest).success);
  assert.ok(!context.safeParse({ a: `${largest.a}x` }).success);
});
