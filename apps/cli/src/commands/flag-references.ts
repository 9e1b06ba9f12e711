import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Client } from '@spillway/contract';
import { counted } from '@spillway/core/wording/counted';
import type { Command } from 'commander';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print, tell } from '../output/print.ts';
import type { Reference } from '../references/scan.ts';
import { collected } from './arguments.ts';
import { connected, type ServerOptions, withExamples, withServer } from './options.ts';

interface ReferenceOptions extends ServerOptions {
  readonly flags: readonly string[];
  readonly upload?: true;
  readonly repository?: string;
  readonly revision?: string;
}

const PAGE = 500;
/** Of one repository; the server takes no more. */
const UPLOADED_MAX = 5_000;
const TEXT_MAX = 500;

/** Where flags stand in source code, and what code asks for that is no flag. */
export function addReferences(flags: Command): void {
  withExamples(withServer(flags.command('references [directory]').description('where flags stand in source code')), [
    'spillway flags references src/',
    'spillway flags references . --flags flags/ --json        the keys from files instead of a server',
    'spillway flags references . --upload                     also shown on each flag in the dashboard',
  ])
    .option('--flags <path>', 'take the keys from files or folders of definitions; may be repeated', collected, [])
    .option('--upload', 'tell the server, in place of what it was told of this repository before')
    .option('--repository <name>', 'with --upload: such as github.com/acme/shop (default: of the git remote origin)')
    .option('--revision <commit>', 'with --upload (default: the commit that git has checked out)')
    .action(async (directory: string | undefined, options: ReferenceOptions) => {
      const folder = resolve(directory ?? '.');
      if (!isFolder(folder)) throw usageFailure(`${directory} is no folder; check the path.`);
      const keys =
        options.flags.length > 0 ? await keysInFiles(options.flags) : await keysOf(connected(options).client);
      const report = await scanFolder(folder, keys);
      print(report, options, (found) => reportText(found, directory ?? '.'));
      if (options.upload) await upload(folder, report.references, options);
    });
}

async function upload(folder: string, found: readonly Reference[], options: ReferenceOptions): Promise<void> {
  if (found.length > UPLOADED_MAX)
    throw usageFailure(
      `${found.length} places are more than the ${UPLOADED_MAX} that the server takes of one repository. Scan its parts and give each a --repository of its own.`,
    );
  const { repositoryOf } = await import('../references/repository.ts');
  const known = await repositoryOf(folder);
  const repository = options.repository ?? known.name;
  const revision = options.revision ?? known.revision;
  if (repository === undefined)
    throw usageFailure(
      'git knows no remote origin here: name the repository with --repository, such as github.com/acme/shop.',
    );
  const references = found.map(({ text, path, ...place }) => ({
    ...place,
    path: `${known.below}${path}`,
    text: text.slice(0, TEXT_MAX),
  }));
  const body = { repository, ...(revision === undefined ? {} : { revision }), references };
  expectAnswer(await connected(options).client.call('replaceCodeReferences', { body }));
  tell(`${counted(references.length, 'place')} told to the server for ${repository}.`);
}

async function keysInFiles(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const { loadDefinitions } = await import('../definitions/load.ts');
  const { failureOf } = await import('../definitions/report-text.ts');
  const { definitions, findings } = await loadDefinitions(paths, 'definitions');
  if (findings.length > 0) throw failureOf(findings);
  return new Set(Object.keys(definitions.flags));
}

/** Archived ones too: code that still asks for them is what one wants to find. */
async function keysOf(client: Client): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = expectAnswer(await client.call('listFlags', { query }));
    for (const { key } of page.items) keys.add(key);
    if (page.next === undefined) return keys;
    cursor = page.next;
  }
}

interface Report {
  readonly files: number;
  /** How often each flag is named, also those that never are. */
  readonly counts: Readonly<Record<string, number>>;
  readonly references: readonly Reference[];
  readonly unknown: readonly Reference[];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function scanFolder(folder: string, keys: ReadonlySet<string>): Promise<Report> {
  const { readSource, sourceFiles } = await import('../references/source-files.ts');
  const { scanSource } = await import('../references/scan.ts');
  const references: Reference[] = [];
  const unknown: Reference[] = [];
  const counts = new Map([...keys].map((key) => [key, 0]));
  let files = 0;
  for (const path of sourceFiles(folder)) {
    const text = readSource(folder, path);
    if (text === undefined) continue;
    files += 1;
    const found = scanSource(path, text, keys);
    references.push(...found.references);
    unknown.push(...found.unknown);
    for (const { flag } of found.references) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  }
  return { files, counts: Object.fromEntries(counts), references, unknown };
}

/** Paths as they are seen from where the command runs, so that a terminal or an editor can follow them. */
function reportText({ files, counts, references, unknown }: Report, directory: string): string {
  const lines = (found: readonly Reference[]) =>
    found.map(({ flag, path, line, text }) => `${join(directory, path)}:${line}  ${flag}  ${text}`);
  const never = Object.keys(counts).filter((key) => counts[key] === 0);
  return [
    ...lines(references),
    ...(unknown.length === 0 ? [] : ['', 'Asked for, but no flag has this key:', ...lines(unknown)]),
    ...(never.length === 0 ? [] : ['', `Named nowhere: ${never.join(', ')}`]),
    '',
    `${counted(references.length, 'place')} in ${counted(files, 'file')}, ${counted(unknown.length, 'unknown key')}.`,
  ].join('\n');
}
