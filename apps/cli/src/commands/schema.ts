import type { Command } from 'commander';
import { withExamples } from './options.ts';

export function addSchema(program: Command): void {
  withExamples(program.command('schema').description('the JSON Schema of files of definitions, for editors'), [
    'spillway schema > definitions.schema.json',
  ])
    .option('--json', 'it is JSON in any case')
    .action(async () => {
      const { definitionsSchema } = await import('@spillway/contract/definitions');
      process.stdout.write(`${JSON.stringify(definitionsSchema(), undefined, 2)}\n`);
    });
}
