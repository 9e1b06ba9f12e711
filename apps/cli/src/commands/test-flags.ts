import type { Command } from 'commander';
import { writeOut } from '../files/write-file.ts';
import type { FixtureResult } from '../fixtures/run-fixtures.ts';
import { EXIT } from '../output/exit-codes.ts';
import { print } from '../output/print.ts';
import { paintFor } from '../output/terminal.ts';
import { traceText } from '../output/trace-tree.ts';
import { withExamples } from './options.ts';

interface TestOptions {
  readonly junit?: string;
  readonly json?: boolean;
}

/** `spillway test`: what flags must answer, asked of files. */
export function addTest(program: Command): void {
  withExamples(program.command('test [paths...]').description('ask flags in files what their fixtures expect'), [
    'spillway test                       every *.test.yaml below this folder',
    'spillway test flags/ --junit report.xml',
  ])
    .option('--junit <file>', 'also write the results as JUnit XML')
    .option('--json', 'one JSON document on standard output')
    .action(async (paths: string[], options: TestOptions) => {
      const { placeOf, runFixtures } = await import('../fixtures/run-fixtures.ts');
      const results = await runFixtures(paths, Date.now());
      if (options.junit !== undefined) await writeJunit(options.junit, results);
      const failed = results.filter(({ differences }) => differences.length > 0);
      const summary = { passed: results.length - failed.length, failed: failed.length };
      const document = {
        ...summary,
        results: results.map(({ place: _, tookMs: __, explanation, ...result }, index) => ({
          ...result,
          at: placeOf(results[index] as FixtureResult),
          passed: result.differences.length === 0,
          ...explanation,
        })),
      };
      print(document, options, () =>
        [...failed.map((one) => failureText(one, placeOf(one))), counted(summary)].join('\n'),
      );
      if (failed.length > 0) process.exitCode = EXIT.invalid;
    });
}

async function writeJunit(file: string, results: readonly FixtureResult[]): Promise<void> {
  const { junitXml } = await import('../fixtures/junit.ts');
  await writeOut(file, junitXml(results));
}

function failureText({ name, flag, environment, differences, explanation }: FixtureResult, at: string): string {
  const paint = paintFor(process.stdout, process.env);
  const below = [...differences.map((one) => paint.bad(one)), ...traceText(flag, explanation.trace).split('\n')];
  return [`${paint.bad('✖')} ${at} ${name} (${environment})`, ...below.map((line) => `    ${line}`), ''].join('\n');
}

function counted({ passed, failed }: { readonly passed: number; readonly failed: number }): string {
  if (passed + failed === 0) return 'No fixtures: nothing was tested.';
  return failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed`;
}
