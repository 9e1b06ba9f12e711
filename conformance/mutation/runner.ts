import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Collected, collected } from './collected.ts';

/** The parts of Stryker's plugin interface that are used; it is not installed where types are checked. */
interface TestResult {
  readonly id: string;
  readonly name: string;
  readonly status: typeof PASSED | typeof FAILED;
  readonly timeSpentMs: number;
  readonly failureMessage?: string;
}

const PASSED = 0;
const FAILED = 1;

interface MutantRun {
  readonly activeMutant: { readonly id: string };
  readonly testFilter?: readonly string[];
  readonly mutantActivation: 'static' | 'runtime';
}

type MutantResult =
  | { readonly status: 'survived'; readonly nrOfTests: number }
  | { readonly status: 'timeout'; readonly reason: string }
  | {
      readonly status: 'killed';
      readonly nrOfTests: number;
      readonly killedBy: readonly string[];
      readonly failureMessage: string;
    };

/** What instrumented code looks at: which mutant is on, and which test it is asked by. */
interface Instruments {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { readonly perTest: DryRun['reached'] };
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

/**
 * What no mutant is reached by within one test but one in a loop that does not end: so many times as often as without it, and
 * some more where that is seldom. Stryker counts over all tests together and lets it be a hundred times, which takes minutes.
 */
const PATIENCE = 10;
const SOME = 100_000;

/** What each test did without a mutant. One worker finds out, all of them, and those in the place of stopped ones, go by it. */
interface DryRun {
  readonly tookMs: Readonly<Record<string, number>>;
  /** How often each mutant was reached, by test. */
  readonly reached: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const DRY_RUN = 'dry-run.json';

const COLLECTED = pathToFileURL(join(import.meta.dirname, 'collected.ts')).href;

/**
 * Runs tests within Stryker's worker: a mutant costs the tests that reach it, not a process for each of their files. What a
 * mutant leaves behind in a module is not undone; those in code that runs at import get a new process from Stryker.
 */
class InProcessRunner {
  readonly #files: readonly string[];
  readonly #instruments: Instruments;
  #dryRun: DryRun | undefined;

  constructor(options: object) {
    const files: unknown = Reflect.get(options, 'spillway_test_files');
    this.#files = Array.isArray(files) ? files.map(String) : [];
    const instruments: Instruments = Reflect.get(globalThis, '__stryker__') ?? {};
    Reflect.set(globalThis, '__stryker__', instruments);
    this.#instruments = instruments;
  }

  capabilities() {
    return { reloadEnvironment: false };
  }

  async dryRun() {
    await this.#load();
    const tests: TestResult[] = [];
    for (const each of collected) tests.push(await this.#runOne(each));
    const { mutantCoverage } = this.#instruments;
    const tookMs = Object.fromEntries(tests.map(({ name, timeSpentMs }) => [name, timeSpentMs]));
    writeFileSync(DRY_RUN, JSON.stringify({ tookMs, reached: mutantCoverage?.perTest ?? {} } satisfies DryRun));
    return { status: 'complete', tests, ...(mutantCoverage === undefined ? {} : { mutantCoverage }) };
  }

  async mutantRun({ activeMutant, testFilter, mutantActivation }: MutantRun): Promise<MutantResult> {
    if (mutantActivation === 'static') this.#instruments.activeMutant = activeMutant.id;
    await this.#load();
    this.#instruments.activeMutant = activeMutant.id;
    const tests = testFilter === undefined ? collected : collected.filter(({ name }) => testFilter.includes(name));
    try {
      return await this.#untilOneFails(this.#quickestFirst(tests), activeMutant.id);
    } finally {
      this.#instruments.activeMutant = undefined;
    }
  }

  async #untilOneFails(tests: readonly Collected[], mutant: string): Promise<MutantResult> {
    let nrOfTests = 0;
    for (const each of tests) {
      const hitLimit = (this.#known().reached[each.name]?.[mutant] ?? 0) * PATIENCE + SOME;
      Object.assign(this.#instruments, { hitCount: 0, hitLimit });
      const { id, status, failureMessage = '' } = await this.#runOne(each);
      nrOfTests += 1;
      const { hitCount = 0 } = this.#instruments;
      if (hitCount > hitLimit) return { status: 'timeout', reason: `${hitCount} rounds where ${hitLimit} are many` };
      if (status === FAILED) return { status: 'killed', nrOfTests, killedBy: [id], failureMessage };
    }
    return { status: 'survived', nrOfTests };
  }

  async #load(): Promise<void> {
    if (collected.length > 0) return;
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === 'node:test' ? { url: COLLECTED, shortCircuit: true } : next(specifier, context),
    });
    for (const file of this.#files) await import(pathToFileURL(join(process.cwd(), file)).href);
  }

  #known(): DryRun {
    this.#dryRun ??= JSON.parse(readFileSync(DRY_RUN, 'utf8')) as DryRun;
    return this.#dryRun;
  }

  #quickestFirst(tests: readonly Collected[]): readonly Collected[] {
    const { tookMs } = this.#known();
    return tests.toSorted((one, other) => (tookMs[one.name] ?? 0) - (tookMs[other.name] ?? 0));
  }

  async #runOne({ name, run }: Collected): Promise<TestResult> {
    this.#instruments.currentTestId = name;
    const began = performance.now();
    const about = { id: name, name };
    try {
      await run();
      return { ...about, status: PASSED, timeSpentMs: performance.now() - began };
    } catch (error) {
      const failureMessage = error instanceof Error ? error.message : String(error);
      return { ...about, status: FAILED, failureMessage, timeSpentMs: performance.now() - began };
    } finally {
      this.#instruments.currentTestId = undefined;
    }
  }
}

function create(options: object): InProcessRunner {
  return new InProcessRunner(options);
}
create.inject = ['options'] as const;

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', factory: create }];
