import type { CallInput, CallOutput, Client } from '@spillway/contract';
import type { DefinedFlag } from '@spillway/core';
import { counted } from '@spillway/core/wording/counted';
import type { Command } from 'commander';
import { placeText } from '../definitions/finding.ts';
import type { Loaded } from '../definitions/load.ts';
import { writeOut } from '../files/write-file.ts';
import { type Source, usageFailure } from '../output/failure.ts';
import { planText, summary } from '../output/plan-text.ts';
import { expectAnswer, print, tell } from '../output/print.ts';
import { collected, durationMs } from './arguments.ts';
import { connected, type ServerOptions, withExamples, withServer } from './options.ts';

type Plan = CallOutput<'planDefinitions'>;
type Body = CallInput<'planDefinitions'>['body'];

interface FileOptions extends ServerOptions {
  readonly file?: readonly string[];
  readonly prune?: boolean;
  readonly managedBy?: string;
}

/** Flags as code: what files say against what a server has. */
export function addDefinitions(program: Command): void {
  addPlan(program);
  addApply(program);
  addExport(program);
}

/** A plan of everything there is may take a while longer than other calls. */
const TIMEOUT_MS = 120_000;
const PLAN_DIFFERS = 2;

function withFiles(command: Command): Command {
  return withServer(command)
    .argument('[paths...]', 'files and folders of definitions')
    .option('-f, --file <path>', 'the same as an option; may be repeated', collected)
    .option('--prune', 'what bears the mark and is not in the files goes: flags are archived, segments deleted')
    .option('--managed-by <mark>', 'the mark; default: the one that the files name');
}

function addPlan(program: Command): void {
  withExamples(withFiles(program.command('plan').description('what applying files would change')), [
    'spillway plan flags/',
    'spillway plan flags/ --prune --detailed-exitcode         exits 2 when something would change',
  ])
    .option('--no-preview', 'do not try the changes on recent contexts')
    .option('--preview-time <duration>', 'how long trying them may take; 30s without it', durationMs)
    .option('--detailed-exitcode', 'exit 0 when nothing would change, 2 when something would')
    .action(async (paths: readonly string[], options: PlanOptions) => {
      const { plan, client, body } = await makePlan(paths, options);
      const tried = options.preview ? await tryOn(client, plan, body, options.previewTime) : undefined;
      print({ ...plan, ...tried }, options, () => planText(plan, tried));
      if (options.detailedExitcode === true && changesIn(plan).length > 0) process.exitCode = PLAN_DIFFERS;
    });
}

interface PlanOptions extends FileOptions {
  readonly preview: boolean;
  readonly previewTime?: number;
  readonly detailedExitcode?: boolean;
}

async function tryOn(client: Client, plan: Plan, { definitions }: Body, withinMs?: number) {
  const { PREVIEW_MS, planPreviews } = await import('../definitions/plan-previews.ts');
  const flags = (definitions.flags ?? {}) as Record<string, DefinedFlag>;
  return planPreviews(client, plan, flags, withinMs ?? PREVIEW_MS);
}

function addApply(program: Command): void {
  withExamples(withFiles(program.command('apply').description('make it so: all that a plan shows, or nothing')), [
    'spillway apply flags/ --reason "release 2.4"',
    'spillway apply flags/ --prune --yes',
  ])
    .option('--reason <text>', 'why; wanted where a protected environment is touched')
    .option('--yes', 'archive and delete without being asked')
    .action(async (paths: readonly string[], options: FileOptions & { reason?: string; yes?: boolean }) => {
      const planned = await makePlan(paths, options);
      const changes = changesIn(planned.plan);
      if (options.json !== true) tell(planText(planned.plan));
      const ending = changes.filter(({ action }) => action === 'archive' || action === 'delete');
      if (ending.length > 0 && options.yes !== true) {
        throw usageFailure(
          `This ends ${ending.length === 1 ? '1 flag or segment' : `${ending.length} flags or segments`}. Say --yes if that is meant; nothing was changed.`,
        );
      }
      if (changes.length === 0) {
        print(planned.plan, options, () => 'Nothing to apply.');
        return;
      }
      const { fingerprint } = planned.plan;
      const { reason } = options;
      const body = { ...planned.body, fingerprint, ...(reason === undefined ? {} : { reason }) };
      const idempotencyKey = crypto.randomUUID();
      const answer = await planned.client.call('applyDefinitions', { body, idempotencyKey });
      print(expectAnswer(answer, planned.source), options, (applied) => `Applied: ${summary(applied)}.`);
    });
}

function addExport(program: Command): void {
  withExamples(
    withServer(program.command('export').description('all active flags and segments as a file of definitions')),
    ['spillway export -o flags.yaml', 'spillway export --managed-by shop'],
  )
    .option('--managed-by <mark>', 'only what bears this mark')
    .option('-o, --output <file>', 'write to a file instead of standard output; .json for JSON')
    .action(async (options: ServerOptions & { managedBy?: string; output?: string }) => {
      const { client } = connected(options, TIMEOUT_MS);
      const query = { managed_by: options.managedBy };
      const exported = expectAnswer(await client.call('exportDefinitions', { query }));
      const { definitionsText } = await import('../definitions/write.ts');
      const isJson = options.json === true || options.output?.endsWith('.json') === true;
      const text = definitionsText(exported, isJson ? 'json' : 'yaml');
      if (options.output === undefined) process.stdout.write(text);
      else {
        await writeOut(options.output, text);
        const flags = Object.keys(exported.flags).length;
        const segments = Object.keys(exported.segments).length;
        tell(`Written to ${options.output}: ${counted(flags, 'flag')}, ${counted(segments, 'segment')}.`);
      }
    });
}

interface Planned {
  readonly plan: Plan;
  readonly body: Body;
  readonly client: Client;
  readonly source: Source;
}

async function makePlan(paths: readonly string[], options: FileOptions): Promise<Planned> {
  const files = [...paths, ...(options.file ?? [])];
  if (files.length === 0) throw usageFailure('Name the files or folders of definitions, such as flags/.');
  const { loadDefinitions } = await import('../definitions/load.ts');
  const { failureOf } = await import('../definitions/report-text.ts');
  const loaded = await loadDefinitions(files, 'definitions');
  if (loaded.findings.length > 0) throw failureOf(loaded.findings);
  const mark = options.managedBy ?? loaded.managedBy;
  const body: Body = {
    // Checked against the schema of this very body when it was read.
    definitions: loaded.definitions as Body['definitions'],
    ...(options.prune === true ? { prune: true } : {}),
    ...(mark === undefined ? {} : { managed_by: mark }),
  };
  const { client } = connected(options, TIMEOUT_MS);
  const source = sourceOf(loaded, files);
  return { plan: expectAnswer(await client.call('planDefinitions', { body }), source), body, client, source };
}

/** What the server says of definitions, shown in the files that they stand in. */
function sourceOf({ origins }: Loaded, paths: readonly string[]): Source {
  return {
    path: paths.join(', '),
    place(field) {
      const [, , noun, key = '', ...deeper] = field.split('/');
      if (noun !== 'flags' && noun !== 'segments') return undefined;
      const origin = origins[noun].get(key);
      if (origin === undefined) return undefined;
      const pointer = [origin.base, ...deeper].join('/');
      return { at: placeText(origin.document.placeOf(pointer)), field: pointer };
    },
  };
}

function changesIn({ changes }: Plan): Plan['changes'] {
  return changes.filter(({ action }) => action !== 'none');
}
