import type { Configuration, Snapshot } from '@spillway/evaluator';
import { type Evaluator, loadEvaluator, snapshotOf } from './engines/spillway.ts';
import { idAt, usersOf } from './users.ts';
import { definitionsFor, segmentFlag, segmentNumbered } from './workloads.ts';

export interface Own {
  /** Median of a warm process, 500 mixed flags, each made ready to be asked. */
  readonly compile_ms: number;
  readonly one_change_ms: number;
  /** Flags whose compiled form was made anew after a change of one. */
  readonly recompiled: number;
  readonly list: LongList | { readonly problem: string };
}

export interface LongList {
  readonly ids: number;
  readonly heap_bytes: number;
  readonly lookup_ns: number;
  readonly lookup_ns_of_1000: number;
}

const LONG = 1_000_000;
const SHORT = 1_000;
const NOW = Date.UTC(2026, 0, 1);

/** What only we promise: compile time, small changes, long lists. */
export async function measureOwn(): Promise<Own> {
  const evaluator = await loadEvaluator();
  const snapshot = snapshotOf(definitionsFor('W5'));
  const text = JSON.stringify(snapshot);
  const fresh = (): Snapshot => JSON.parse(text);
  // Flags are compiled when they are first asked; what is promised is all of them.
  const compileAll = (each: Snapshot, before?: Configuration) => evaluator.prepareAll(evaluator.compile(each, before));
  for (let round = 0; round < 30; round += 1) compileAll(fresh());
  const compile_ms = median(times(30, fresh, (each) => compileAll(each)));
  let configuration = compileAll(snapshot);
  const change = () => changed(configuration.snapshot);
  const apply = (next: Snapshot) => {
    const before = configuration;
    configuration = compileAll(next, before);
    return recompiled(before, configuration);
  };
  for (let round = 0; round < 30; round += 1) apply(change());
  const one_change_ms = median(times(50, change, apply));
  return { compile_ms, one_change_ms, recompiled: apply(change()), list: measureList(evaluator) };
}

function changed(snapshot: Snapshot): Snapshot {
  const flag = snapshot.flags['flag-17'];
  if (flag === undefined) throw new Error('there are 500 flags');
  const number = snapshot.number + 1;
  return { ...snapshot, number, flags: { ...snapshot.flags, 'flag-17': { ...flag, version: number } } };
}

function recompiled(before: Configuration, after: Configuration): number {
  return [...after.flags].filter(([key, { form }]) => form !== before.flags.get(key)?.form).length;
}

function measureList(evaluator: Evaluator): Own['list'] {
  const encode: unknown = Reflect.get(evaluator, 'encodeMembers');
  if (typeof encode !== 'function') return { problem: 'the evaluator has no list segments yet' };
  const listOf = (count: number): Snapshot => {
    const definitions = { flags: [segmentFlag('checkout', 'segment-1')], segments: [segmentNumbered(1, [])] };
    const snapshot = snapshotOf(definitions);
    const ids = Array.from({ length: count }, (_, index) => idAt(index * 2));
    const segment = { key: 'segment-1', version: 1, when: { any: [] }, members: encode(ids) };
    // The list's travelling form is text; going through JSON leaves nothing of how it was made.
    return JSON.parse(JSON.stringify({ ...snapshot, segments: { 'segment-1': segment } }));
  };
  const short = evaluator.compile(listOf(SHORT));
  const { configuration: long, bytes } = weighed(evaluator, listOf(LONG));
  const contexts = usersOf(2_048).map((user) => ({ ...user }));
  const ask = (configuration: Configuration) => {
    const count = 200_000;
    let found = 0;
    const began = performance.now();
    for (let index = 0; index < count; index += 1) {
      const context = contexts[index & 2_047] ?? {};
      if (evaluator.evaluate(configuration, 'checkout', context, NOW, false).value === true) found += 1;
    }
    if (found < count / 4) throw new Error(`${found} of ${count} are found, half expected`);
    return ((performance.now() - began) * 1e6) / count;
  };
  const rounds = Array.from({ length: 9 }, () => ({ long: ask(long), short: ask(short) })).slice(2);
  return {
    ids: LONG,
    heap_bytes: bytes,
    lookup_ns: median(rounds.map((round) => round.long)),
    lookup_ns_of_1000: median(rounds.map((round) => round.short)),
  };
}

/** Heap and what V8 counts outside of it, snapshot included: it stays in memory beside the compiled form. */
function weighed(evaluator: Evaluator, snapshot: Snapshot) {
  const text = JSON.stringify(snapshot);
  const before = inUse();
  const configuration = evaluator.compile(JSON.parse(text));
  evaluator.evaluate(configuration, 'checkout', { targetingKey: idAt(0) }, NOW, false);
  const bytes = inUse() - before;
  return { configuration, bytes: text.length > 0 ? bytes : 0 };
}

function inUse(): number {
  for (let round = 0; round < 4; round += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function times<T>(count: number, make: () => T, run: (made: T) => unknown): number[] {
  return Array.from({ length: count }, () => {
    const made = make();
    const began = performance.now();
    run(made);
    return performance.now() - began;
  });
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
