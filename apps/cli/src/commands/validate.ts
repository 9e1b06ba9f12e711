import type { Command } from 'commander';
import type { Format } from '../definitions/reports.ts';
import { EXIT } from '../output/exit-codes.ts';
import { harmless } from '../output/terminal.ts';
import { oneOf } from './arguments.ts';
import { withExamples } from './options.ts';

interface ValidateOptions {
  readonly format?: Format;
  readonly json?: boolean;
  readonly strict?: boolean;
}

export function addValidate(program: Command): void {
  withExamples(
    program.command('validate <paths...>').description('check files and folders of definitions, without a server'),
    [
      'spillway validate flags/',
      'spillway validate flags/ --strict --format github      annotations in a pull request',
      'spillway validate flags/ --format sarif > spillway.sarif',
    ],
  )
    .option('--format <format>', 'text, json, github or sarif', oneOf(['text', 'json', 'github', 'sarif']))
    .option('--json', 'the same as --format json')
    .option('--strict', 'warnings are errors')
    .action(async (paths: string[], options: ValidateOptions) => {
      // Loaded when wanted: it is half of the command's start.
      const { validatePaths } = await import('../definitions/validate.ts');
      const { reportOf } = await import('../definitions/reports.ts');
      const { files, findings } = await validatePaths(paths, options.strict === true ? 'error' : 'warning');
      const format = options.format ?? (options.json === true ? 'json' : 'text');
      const report = reportOf(findings, files, format);
      if (report !== '') process.stdout.write(`${harmless(report)}\n`);
      if (findings.some(({ severity }) => severity === 'error')) process.exitCode = EXIT.invalid;
    });
}
