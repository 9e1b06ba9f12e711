import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { compile, prepareAll, type Snapshot } from '@spillway/evaluator';
import { type Case, disagreement } from './compare.ts';
import { runDifferential } from './run.ts';
import { shrink } from './shrink.ts';

/** Enough for while one works; `million/` asks more. */
const CASES = 100_000;
/** Every run asks other questions; a failure prints the seed of the universe it was found in. */
const SEED = Math.floor(Math.random() * 2 ** 31);

interface Kept {
  readonly why: string;
  /** With `before`: the segments of the configuration that this one is compiled on top of. */
  readonly case: Case & { readonly before?: Snapshot['segments'] };
}

const ANSWERS = [
  ...['STATIC', 'STATIC of a value', 'DEFAULT', 'DEFAULT of a value', 'TARGETING_MATCH', 'TARGETING_MATCH of a value'],
  ...['SPLIT', 'DISABLED', 'DISABLED by a switch', 'DISABLED by a prerequisite', 'FLAG_NOT_FOUND', 'PARSE_ERROR'],
  ...['TARGETING_KEY_MISSING', 'INVALID_CONTEXT'],
];

test(`F9: the evaluator answers and explains as the oracle does (seed ${SEED})`, () => {
  const { cases, reached, failure } = runDifferential(CASES, SEED);
  if (failure !== undefined) {
    const smallest = shrink(failure.case);
    const { seed, what } = failure;
    assert.fail(
      `${what} differ in the universe of seed ${seed}: ${JSON.stringify([smallest, disagreement(smallest)])}`,
    );
  }
  assert.ok(cases >= CASES);
  for (const answer of ANSWERS) assert.ok((reached.get(answer) ?? 0) > 40, `${answer}: ${reached.get(answer)}`);
});

test('F9: cases that once differed stay alike', async () => {
  const folder = new URL('../regressions/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  for (const name of files) {
    const kept: Kept = JSON.parse(await readFile(new URL(name, folder), 'utf8'));
    const { snapshot } = kept.case;
    assert.equal(disagreement(kept.case), undefined, `${name}: ${kept.why}`);
    if (kept.case.before === undefined) continue;
    const earlier = prepareAll(compile({ ...snapshot, number: snapshot.number - 1, segments: kept.case.before }));
    assert.equal(disagreement(kept.case, compile(snapshot, earlier)), undefined, `${name}: ${kept.why}`);
  }
  assert.ok(files.length > 0);
});

test('an evaluator that errs is told from the oracle', () => {
  const { snapshot, flag, context, now } = {
    snapshot: {
      format: 'spillway.snapshot/1',
      project: 'default',
      environment: 'production',
      number: 1,
      flags: {},
      segments: {},
      switches: {},
    },
    flag: 'nobody',
    context: {},
    now: 0,
  } as const;
  assert.equal(disagreement({ snapshot, flag, context, now }), undefined);
  const compiled = {
    snapshot: { ...snapshot, number: 2 },
    number: 2,
    flags: new Map(),
    segments: { find: () => assert.fail() },
  };
  const erring: unknown = Reflect.apply(disagreement, undefined, [{ snapshot, flag, context, now }, compiled]);
  assert.ok(typeof erring === 'object' && erring !== null && 'naive' in erring);
});
