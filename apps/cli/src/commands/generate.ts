import { readFile } from 'node:fs/promises';
import { counted } from '@spillway/core/wording/counted';
import { Argument, type Command } from 'commander';
import { writeOut } from '../files/write-file.ts';
import type { GeneratedFlag } from '../generate/generated-flag.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';
import { expectAnswer, tell } from '../output/print.ts';
import { collected } from './arguments.ts';
import { connected, type ServerOptions, withExamples } from './options.ts';

interface GenerateOptions extends ServerOptions {
  readonly flags?: readonly string[];
  readonly out: string;
  readonly check?: boolean;
}

type Form = 'ts' | 'react' | 'manifest';

const PAGE = 100;

export function addGenerate(program: Command): void {
  withExamples(
    program
      .command('generate')
      .description('typed code from the flags there are')
      .addArgument(new Argument('<form>', 'what for').choices(['ts', 'react', 'manifest'])),
    [
      'spillway generate ts --out src/flags.ts',
      'spillway generate ts --flags flags/ --out src/flags.ts --check      in CI, without a server',
      'spillway generate manifest --out flags.json      for the OpenFeature CLI',
    ],
  )
    .requiredOption('--out <file>', 'the file to write')
    .option('--flags <path>', 'files or folders of definitions, instead of a server; several times', collected)
    .option('--check', 'write nothing; fail when the file is not what would be written')
    .option('--url <url>', 'the server (or SPILLWAY_URL); its token comes from SPILLWAY_TOKEN')
    .option('--data <directory>', 'the data directory of a server started on this machine')
    .option('--json', 'what was written, as one JSON document on standard output')
    .action(async (form: Form, options: GenerateOptions) => {
      const flags = options.flags === undefined ? await flagsOfServer(options) : await flagsInFiles(options.flags);
      const text = await written(form, flags);
      if (options.check === true) return checkFile(form, options, text);
      await writeOut(options.out, text);
      const told = { out: options.out, flags: flags.length };
      if (options.json === true) process.stdout.write(`${JSON.stringify(told)}\n`);
      else tell(`${options.out}: ${counted(flags.length, 'flag')}`);
    });
}

async function written(form: Form, flags: readonly GeneratedFlag[]): Promise<string> {
  const { writeManifest, writeReact, writeTypeScript } = await import('../generate/write-code.ts');
  return { ts: writeTypeScript, react: writeReact, manifest: writeManifest }[form](flags);
}

async function checkFile(form: Form, { out, flags = [] }: GenerateOptions, text: string): Promise<void> {
  // Git may have checked it out with the line ends of another system.
  const there = (await readFile(out, 'utf8').catch(() => undefined))?.replaceAll('\r\n', '\n');
  if (there === text) return;
  const old = there?.split('\n') ?? [];
  const line = text.split('\n').findIndex((each, index) => each !== old[index]);
  const where =
    there === undefined ? 'is not there' : `is out of date, first in line ${line < 0 ? old.length : line + 1}`;
  const from = flags.map((path) => ` --flags ${path}`).join('');
  throw new Failure(`${out} ${where}; run: spillway generate ${form}${from} --out ${out}`, EXIT.invalid);
}

async function flagsOfServer(options: ServerOptions): Promise<GeneratedFlag[]> {
  const { generatedFlags } = await import('../generate/generated-flag.ts');
  const { client } = connected(options);
  const found: GeneratedFlag[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = expectAnswer(await client.call('listFlags', { query }));
    found.push(...generatedFlags(page.items));
    cursor = page.next;
  } while (cursor !== undefined);
  return found.toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

async function flagsInFiles(paths: readonly string[]): Promise<GeneratedFlag[]> {
  const { flagsInDefinitions } = await import('../offline/definitions.ts');
  const { generatedFlags } = await import('../generate/generated-flag.ts');
  return generatedFlags(await flagsInDefinitions(paths));
}
