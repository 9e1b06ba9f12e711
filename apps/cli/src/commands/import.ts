import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { isFolder } from '../definitions/find-files.ts';
import { MAX_FILE_BYTES } from '../files/source-text.ts';
import { unwritable, writeOut } from '../files/write-file.ts';
import { DIALECTS, type Dialect, FRACTIONAL_HASHES, type FractionalHash } from '../importing/dialects.ts';
import type { Imported } from '../importing/report.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, usageFailure } from '../output/failure.ts';
import { tell } from '../output/print.ts';
import { oneOf } from './arguments.ts';
import { withExamples } from './options.ts';

interface Options {
  readonly out: string;
  readonly report?: string;
  readonly hash?: FractionalHash;
  readonly decryptionKeyFile?: string;
  readonly json?: boolean;
}

const MAX_BYTES = 64 * 1_048_576;

/** Moving in from another product without anybody changing variant. */
export function addImport(program: Command): void {
  withExamples(
    program
      .command('import')
      .description(`definitions made of another product's own: ${DIALECTS.join(', ')}; the same answers for everyone`)
      .addArgument(new Argument('<product>', 'whose definitions they are').choices(DIALECTS))
      .argument('<file>', 'as that product gives them'),
    [
      'spillway import launchdarkly payload.json --out flags.yaml --report report.json',
      'spillway import unleash features.json --out flags.yaml',
      'spillway evaluate --flags flags.yaml --contexts users.ndjson --dialect launchdarkly',
    ],
  )
    .requiredOption('--out <file>', 'where the definitions go; .json for JSON, a folder for several files')
    .option('--report <file>', 'flag by flag what was carried, and what was not and why, as JSON')
    .option(
      '--hash <generation>',
      `flagd only: how \`fractional\` hashes, ${FRACTIONAL_HASHES.join(', ')}; v2 unless said`,
      oneOf(FRACTIONAL_HASHES),
    )
    .option('--decryption-key-file <file>', 'growthbook only: holds the key of an encrypted payload, in base64')
    .option('--json', 'the report as one JSON document on standard output')
    .action((product: Dialect, file: string, options: Options) => run(product, file, options));
}

async function run(dialect: Dialect, file: string, options: Options): Promise<void> {
  if (options.hash !== undefined && dialect !== 'flagd') throw usageFailure('--hash is for flagd only; leave it out.');
  if (options.decryptionKeyFile !== undefined && dialect !== 'growthbook')
    throw usageFailure('--decryption-key-file is for growthbook only; leave it out.');
  const { readSourceText } = await import('../files/source-text.ts');
  const { importText } = await import('../importing/import.ts');
  const textOf = async (path: string): Promise<string> => {
    const source = await readSourceText(path, MAX_BYTES);
    if (!source.ok) throw usageFailure(`${path} ${source.finding.message}.`);
    return source.text;
  };
  const { hash, decryptionKeyFile } = options;
  const imported = importText(dialect, await textOf(file), {
    ...(hash === undefined ? {} : { hash }),
    ...(decryptionKeyFile === undefined ? {} : { decryptionKey: await textOf(decryptionKeyFile) }),
  });
  if (typeof imported === 'string') throw new Failure(`${file} ${imported}.`, EXIT.invalid);
  const { definitions, report } = imported;
  await writeDefinitions(options.out, definitions);
  if (options.report !== undefined) await writeOut(options.report, `${JSON.stringify(report, undefined, 2)}\n`);
  if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  else tell(inWords(report, options.out));
}

function inWords({ carried, refused, segments = [] }: Imported['report'], out: string): string {
  const named =
    segments.length === 0 ? '' : ` and ${segments.length} ${segments.length === 1 ? 'segment' : 'segments'}`;
  const only = carried.length === 1 && segments.length === 0;
  const flags = `${carried.length} ${carried.length === 1 ? 'flag' : 'flags'}${named} ${only ? 'is' : 'are'}`;
  return [
    `${flags} in ${out}; ${refused.length} could not be carried.`,
    ...refused.map(({ flag, reason }) => `  ${flag}: ${reason}`),
  ].join('\n');
}

/** Leaves room for indentation and for characters of several bytes. */
const MAX_PART_CHARACTERS = MAX_FILE_BYTES / 4;

async function writeDefinitions(out: string, definitions: Imported['definitions']): Promise<void> {
  const { definitionsText } = await import('../definitions/write.ts');
  if (/[/\\]$/.test(out) || isFolder(out)) {
    const { inParts } = await import('../importing/split.ts');
    const parts = inParts(definitions, MAX_PART_CHARACTERS);
    await mkdir(out, { recursive: true }).catch((error: unknown) => {
      throw unwritable(out, error);
    });
    for (const [index, part] of parts.entries()) await writeOut(partIn(out, index), definitionsText(part, 'yaml'));
    // Of an import before that took more files.
    for (let index = parts.length; existsSync(partIn(out, index)); index += 1) await rm(partIn(out, index));
    return;
  }
  const text = definitionsText(definitions, out.endsWith('.json') ? 'json' : 'yaml');
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    throw usageFailure(
      `That is more than one file of definitions may hold; say --out ${out}/ for a folder of several.`,
    );
  }
  await writeOut(out, text);
}

function partIn(folder: string, index: number): string {
  return join(folder, `flags-${index + 1}.yaml`);
}
