import { dirname, isAbsolute, resolve } from 'node:path';
import type { CallInput } from '@spillway/contract';
import type { Command } from 'commander';
import { type DocumentFile, readDocumentFile } from '../connection/document-file.ts';
import { EXIT } from '../output/exit-codes.ts';
import { expectAnswer, print } from '../output/print.ts';
import { phaseText, type Rollout, rolloutView } from '../output/rollout-view.ts';
import { paintFor, table } from '../output/terminal.ts';
import { line } from './audit.ts';
import { connected, type ServerOptions, withServer } from './options.ts';
import { hasEnded, statusesOf, watch } from './watch.ts';

type Plan = CallInput<'applyRollout'>['body']['plan'];

interface WatchOptions extends ServerOptions {
  readonly watch?: boolean;
  readonly timeout?: string;
}

export function addRollouts(program: Command): void {
  const rollouts = program.command('rollout').alias('rollouts').description('canary releases');
  addApply(rollouts);
  addGet(rollouts);
  addList(rollouts);
  addHistory(rollouts);
  addCommands(rollouts);
}

function addApply(rollouts: Command): void {
  watchable(rollouts.command('apply').description('start a rollout from a plan file'))
    .requiredOption('-f, --file <path>', 'the plan as YAML or JSON; - reads standard input')
    .option('--reason <text>', 'why', '')
    .action(async (options: WatchOptions & { file: string; reason: string }) => {
      const file = readDocumentFile(options.file);
      const { client } = connected(options);
      const body = { plan: planFrom(file, options.file), reason: options.reason };
      const started = expectAnswer(await client.call('applyRollout', { body }), inPlan(file));
      if (options.watch === true) return finish(await watch(client, started.key, options));
      print(
        started,
        options,
        (one) => `${one.key} is ${one.status}. Watch it: spillway rollout get ${one.key} --watch`,
      );
    });
}

/** The server says `/plan/stages/0`; in the file that is `/stages/0`. */
function inPlan(file: DocumentFile): (field: string) => string | undefined {
  return (field) => (field.startsWith('/plan') ? file.place(field.slice('/plan'.length)) : undefined);
}

/** A relative `directory` in the file means: relative to the file. What is not a plan is left to the server to refuse. */
function planFrom(file: DocumentFile, path: string): Plan {
  const base = path === '-' ? process.cwd() : dirname(resolve(path));
  const plan = file.value as Plan;
  if (!Array.isArray(plan?.stages)) return plan;
  return { ...plan, stages: plan.stages.map((stage) => withDirectory(stage, base)) };
}

function withDirectory(stage: Plan['stages'][number], base: string): Plan['stages'][number] {
  const version = stage?.version;
  if (typeof version !== 'object' || version === null) return stage;
  const { directory } = version;
  if (directory !== undefined && (typeof directory !== 'string' || isAbsolute(directory))) return stage;
  return { ...stage, version: { ...version, directory: resolve(base, directory ?? '.') } };
}

function addGet(rollouts: Command): void {
  watchable(rollouts.command('get <key>').description('where a rollout stands')).action(
    async (key: string, options: WatchOptions) => {
      const { client } = connected(options);
      if (options.watch === true) return finish(await watch(client, key, options));
      const rollout = expectAnswer(await client.call('getRollout', { params: { key } }));
      const statuses = await statusesOf(client, rollout);
      print(rollout, options, (one) => rolloutView(one, statuses, Date.now(), paintFor(process.stdout, process.env)));
    },
  );
}

function watchable(command: Command): Command {
  return withServer(command)
    .option('-w, --watch', 'follow it to its end; exits 0 only if it succeeded')
    .option('--timeout <duration>', 'give up watching after, e.g. 90s or 10m');
}

function finish(ended: Rollout): void {
  process.exitCode = ended.status === 'succeeded' ? EXIT.ok : EXIT.rolloutFailed;
}

function addList(rollouts: Command): void {
  withServer(rollouts.command('list').description('list rollouts')).action(async (options: ServerOptions) => {
    const page = expectAnswer(await connected(options).client.call('listRollouts', { query: { limit: 500 } }));
    print(page, options, ({ items }) =>
      items.length === 0
        ? 'No rollouts. Start one with `spillway rollout apply -f plan.yaml`.'
        : table(['ROLLOUT', 'STATUS', 'ENVIRONMENT', 'STAGES'], items.map(row)),
    );
  });
}

function row(rollout: Rollout): string[] {
  const stages = rollout.plan.stages.map((plan, index) => {
    const stage = rollout.stages[index];
    return stage === undefined ? plan.key : `${plan.key}: ${phaseText(plan, stage, Date.now())}`;
  });
  return [rollout.key, rollout.status, rollout.plan.environment, stages.join('; ')];
}

function addHistory(rollouts: Command): void {
  withServer(rollouts.command('history <key>').description('every decision with its numbers, newest first'))
    .option('--limit <count>', 'how many at most', '50')
    .action(async (key: string, options: ServerOptions & { limit: string }) => {
      const query = { limit: Number(options.limit) };
      const page = expectAnswer(await connected(options).client.call('rolloutHistory', { params: { key }, query }));
      print(page, options, ({ items }) => items.map((entry) => `${line(entry)}${reasons(entry.because)}`).join('\n'));
    });
}

/** The numbers each decision rests on, a criterion a line. */
function reasons(because: unknown): string {
  const all = Array.isArray(because) ? because : [because];
  return all
    .flatMap((one) => (typeof one === 'object' && one !== null && Array.isArray(one.findings) ? one.findings : []))
    .map(
      (finding) =>
        `\n          ${finding.criterion}: ${finding.observed ?? '-'} (bound ${finding.bound ?? '-'}) ${finding.verdict}`,
    )
    .join('');
}

function addCommands(rollouts: Command): void {
  const verbs = [
    ['pause', 'pauseRollout', 'hold the present step'],
    ['resume', 'resumeRollout', 'go on after a hold'],
    ['abort', 'abortRollout', 'send all traffic back and stop the new version'],
  ] as const;
  for (const [verb, route, description] of verbs) {
    withServer(rollouts.command(`${verb} <key>`).description(description))
      .option('--reason <text>', 'why', '')
      .action(async (key: string, options: ServerOptions & { reason: string }) => {
        const { client } = connected(options);
        const changed = expectAnswer(await client.call(route, { params: { key }, body: { reason: options.reason } }));
        print(changed, options, (one) => `${one.key} is ${one.status.replace('_', ' ')}`);
      });
  }
  withServer(rollouts.command('promote <key>').description('skip the rest of this step'))
    .option('--full', 'skip all steps: send all traffic to the new version')
    .option('--reason <text>', 'why', '')
    .action(async (key: string, options: ServerOptions & { reason: string; full?: boolean }) => {
      const body = { reason: options.reason, full: options.full === true };
      const changed = expectAnswer(await connected(options).client.call('promoteRollout', { params: { key }, body }));
      print(changed, options, (one) => `${one.key} is ${hasEnded(one) ? one.status : 'going on'}`);
    });
}
