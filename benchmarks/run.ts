import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a benchmark module offers: it prints its figures and answers the exit code. */
export interface Benchmark {
  run(options: BenchmarkOptions): Promise<number>;
}

export interface BenchmarkOptions {
  /** One JSON document on standard output instead of tables. */
  readonly json: boolean;
  /** Exit non-zero and name each aim that is missed. */
  readonly check: boolean;
  readonly args: readonly string[];
}

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts' && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name) || args.includes('--help')) {
  console.error(`usage: npm run bench -- NAME [--json] [--check]\nNAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
const benchmark: Benchmark = await import(join(import.meta.dirname, `${name}.ts`));
process.exitCode = await benchmark.run({ json: args.includes('--json'), check: args.includes('--check'), args });
