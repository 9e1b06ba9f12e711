import { readFileSync, writeFileSync } from 'node:fs';
import { type Ask, CONTEXTS, rest, type Stopwatch, stopwatch, timeInTurns } from './clock.ts';
import type { Answer } from './definitions.ts';
import type { Engine, Loaded, Opened } from './engines/engine.ts';
import { engineNamed } from './engines/registry.ts';
import { throughNothing, throughOpenFeature } from './open-feature.ts';
import { measureOwn } from './own.ts';
import { usersOf } from './users.ts';
import { implausible } from './verdicts.ts';
import { definitionsFor, mixedFlags, type WorkloadName } from './workloads.ts';

/** One process: one engine and one thing measured of it. */
export type Task =
  | { readonly is: 'workload'; readonly engine: string; readonly workload: WorkloadName }
  | { readonly is: 'start'; readonly engine: string; readonly file: string }
  | { readonly is: 'memory'; readonly engine: string; readonly file: string; readonly flags: number }
  | { readonly is: 'payload'; readonly engine: string; readonly flags: number; readonly file: string }
  | { readonly is: 'own' };

export type Order = { readonly do: 'warm' | 'time'; readonly ms: number } | { readonly do: 'allocations' };

export interface Timed {
  readonly value: number;
  readonly details?: number;
  /** Of the time of a provider that does nothing, in the same process. */
  readonly ofNothing?: number;
}

interface Watches {
  readonly value: Stopwatch;
  readonly details?: Stopwatch;
  readonly nothing?: Stopwatch;
}

const PROOF_USERS = 10_000;
/** Every one of the 500 flags of W5 is proven, on fewer users each. */
const PROOF_USERS_OF_MANY = 200;
/** W6 asks what W3 has proven. */
const PROOF_USERS_AGAIN = 1_000;
const REST_EVERY = 250;
/** The least of some is taken, because the compiler of the running program allocates as well. */
const ALLOCATION_ROUNDS = 20;

async function prepare(engine: Engine, workload: WorkloadName): Promise<Watches> {
  const definitions = definitionsFor(workload);
  const opened = await (await engine.load()).open(engine.payload(definitions));
  const users = usersOf(CONTEXTS);
  const waits = engine.waits === true || workload === 'W6';
  const [flag] = definitions.flags;
  if (flag === undefined) throw new Error('a workload has a flag');
  await prove(opened, workload);
  if (workload === 'W6') {
    return besideNothing(await throughOpenFeature(engine.name, flag, opened));
  }
  const contexts = users.map((user) => opened.context(user));
  if (workload === 'W5')
    return { value: stopwatch(await fasterOf(manyWays(opened), contexts, waits), contexts, waits) };
  const asker = opened.asker(flag);
  const value = stopwatch((context) => asker.value(context), contexts, waits);
  const { details } = asker;
  if (details === undefined) return { value };
  const ofDetails = await secondStopwatch();
  return { value, details: ofDetails((context) => details(context), contexts, waits) };
}

/** Both in one process, in turns of two milliseconds: what OpenFeature costs by itself differs more from one process to the next than an engine adds. */
async function besideNothing(ask: Ask): Promise<Watches> {
  const users = usersOf(CONTEXTS);
  const ofNothing = await secondStopwatch();
  return { value: stopwatch(ask, users, true), nothing: ofNothing(await throughNothing('beside'), users, true) };
}

/**
 * A second instance of the module: an engine learns per function what it calls, so that two questions in one loop slow
 * each other down, and engines that answer with details would be measured slower than those that do not.
 */
async function secondStopwatch(): Promise<typeof stopwatch> {
  const again = './clock.ts?again';
  const clock: typeof import('./clock.ts') = await import(again);
  return clock.stopwatch;
}

/** The engine's own way to ask for everything, or one flag after another: an application would take the faster. */
function manyWays(opened: Opened): Ask[] {
  if (opened.answerIn !== undefined) return [(context) => opened.all?.(context)];
  const askers = definitionsFor('W5').flags.map((flag) => opened.asker(flag));
  const oneByOne = (context: unknown) => {
    let on = 0;
    const pending: Promise<unknown>[] = [];
    for (const asker of askers) {
      const answer = asker.value(context);
      if (answer instanceof Promise) pending.push(answer);
      else if (answer === true) on += 1;
    }
    return pending.length === 0 ? on : Promise.all(pending);
  };
  return opened.all === undefined ? [oneByOne] : [oneByOne, (context) => opened.all?.(context)];
}

async function fasterOf(ways: readonly Ask[], contexts: readonly unknown[], waits: boolean): Promise<Ask> {
  let best: { readonly way: Ask; readonly ns: number } | undefined;
  for (const way of ways) {
    const watch = stopwatch(way, contexts, waits);
    await watch.time(150);
    const ns = await watch.time(50);
    if (best === undefined || ns < best.ns) best = { way, ns };
  }
  if (best === undefined) throw new Error('there is a way');
  return best.way;
}

/** Throws what is wrong with the engine's answers. */
async function prove(opened: Opened, workload: WorkloadName): Promise<void> {
  const definitions = definitionsFor(workload);
  const users = usersOf(workload === 'W5' ? PROOF_USERS_OF_MANY : workload === 'W6' ? PROOF_USERS_AGAIN : PROOF_USERS);
  const contexts = users.map((user) => opened.context(user));
  const everything = opened.answerIn === undefined ? [] : await Promise.all(contexts.map((each) => opened.all?.(each)));
  for (const flag of definitions.flags) {
    const asker = opened.asker(flag);
    const answers: (Answer | undefined)[] = [];
    for (const [index, context] of contexts.entries()) {
      if (index % REST_EVERY === 0) await rest();
      answers.push(opened.answerIn?.(everything[index], flag) ?? (await asker.value(context)));
    }
    const problem = implausible(definitions, flag, users, answers);
    if (problem !== undefined) throw new Error(problem);
  }
}

async function serveWorkload(name: string, workload: WorkloadName): Promise<void> {
  const { value, details, nothing } =
    name === 'nothing' ? await besideNothing(await throughNothing(name)) : await prepare(engineNamed(name), workload);
  const obey = async (order: Order) => {
    if (order.do === 'allocations') {
      let least = Number.POSITIVE_INFINITY;
      for (let round = 0; round < ALLOCATION_ROUNDS; round += 1) {
        least = Math.min(least, await value.allocated());
      }
      return answer(least);
    }
    if (nothing !== undefined) return answer(await timeInTurns(value, nothing, order.ms));
    const ns = await value.time(order.ms);
    answer(details === undefined ? { value: ns } : { value: ns, details: await details.time(order.ms) });
  };
  process.on('message', (order: Order) => obey(order).catch(complain));
  answer('ready');
}

async function start(engine: Engine, file: string) {
  const text = readFileSync(file, 'utf8');
  const flag = mixedFlags(20).flags[17];
  const [user] = usersOf(1);
  if (flag === undefined || user === undefined) throw new Error('there is a flag and a user');
  const began = performance.now();
  const loaded = await engine.load();
  const imported = performance.now();
  const opened = await loaded.open(text);
  const first = await opened.asker(flag).value(opened.context(user));
  const answered = performance.now();
  if (typeof first !== 'string' || first === '') throw new Error(`the first answer is ${String(first)}`);
  return { import_ms: imported - began, answer_ms: answered - imported };
}

async function memory(engine: Engine, file: string, flags: number) {
  const loaded = await engine.load();
  const before = settledHeap();
  const residentBefore = process.memoryUsage().rss;
  const opened = await openAndAskAll(loaded, file, flags);
  const after = settledHeap();
  const resident = process.memoryUsage().rss - residentBefore;
  // Keeps the engine alive until here.
  if (opened.asker === undefined) throw new Error('the engine is gone');
  return {
    heap_bytes: after.heap - before.heap,
    outside_bytes: after.outside - before.outside,
    resident_bytes: resident,
  };
}

/** A function of its own, so that the text and the answers are gone afterwards. Engines that wait with their work do it here. */
async function openAndAskAll(loaded: Loaded, file: string, flags: number): Promise<Opened> {
  const opened = await loaded.open(readFileSync(file, 'utf8'));
  const [user] = usersOf(1);
  if (user === undefined) throw new Error('there is a user');
  await opened.all?.(opened.context(user));
  for (const flag of mixedFlags(flags).flags) {
    if (opened.answerIn !== undefined) break;
    await opened.asker(flag).value(opened.context(user));
  }
  return opened;
}

function settledHeap(): { readonly heap: number; readonly outside: number } {
  for (let round = 0; round < 4; round += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, outside: external };
}

function answer(message: unknown): void {
  process.send?.(message);
}

async function main(task: Task): Promise<void> {
  switch (task.is) {
    case 'workload':
      return serveWorkload(task.engine, task.workload);
    case 'start':
      return answer(await start(engineNamed(task.engine), task.file));
    case 'memory':
      return answer(await memory(engineNamed(task.engine), task.file, task.flags));
    case 'payload':
      writeFileSync(task.file, engineNamed(task.engine).payload(mixedFlags(task.flags)));
      return answer('written');
    case 'own':
      return answer(await measureOwn());
  }
}

function complain(error: unknown): void {
  answer({ problem: error instanceof Error ? error.message : String(error) });
}

// Timers of an engine must not keep the process after the benchmark is gone.
process.once('disconnect', () => process.exit());
main(JSON.parse(process.argv[2] ?? '')).catch(complain);
