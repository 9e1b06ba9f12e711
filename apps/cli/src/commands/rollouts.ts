import { dirname, isAbsolute, resolve } from 'node:path';
import type { CallInput } from '@spillway/contract';
import type { Client } from '@spillway/contract/client';
import type { Command } from 'commander';
import { type DocumentFile, readDocumentFile } from '../files/document-file.ts';
import { CALLED_AS } from '../output/called-as.ts';
import { EXIT } from '../output/exit-codes.ts';
import type { Source } from '../output/failure.ts';
import { findings } from '../output/findings.ts';
import { expectAnswer, print, printPage, tell } from '../output/print.ts';
import { phaseText, type Rollout, rolloutView } from '../output/rollout-view.ts';
import { paintFor, table } from '../output/terminal.ts';
import { durationMs } from './arguments.ts';
import { line } from './audit.ts';
import {
  connected,
  type PageOptions,
  pageOf,
  type ServerOptions,
  withExamples,
  withPages,
  withServer,
} from './options.ts';
import { statusesOf, watch } from './watch.ts';

type Plan = CallInput<'applyRollout'>['body']['plan'];

interface WatchOptions extends ServerOptions {
  readonly watch?: boolean;
  readonly timeout?: number;
}

export function addRollouts(program: Command): void {
  const rollouts = withExamples(program.command('rollout').alias('rollouts').description('canary releases'), [
    'spillway rollout apply -f v2.yaml --watch              exits 0 only if it was promoted',
    'spillway rollout get shop-v2 --watch --timeout 10m',
    'spillway rollout promote shop-v2                       do not wait for the rest of this step',
    'spillway rollout abort shop-v2 --reason "wrong prices"',
    'spillway rollout history shop-v2                       every decision with its numbers',
  ]);
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
      const file = await readDocumentFile(options.file);
      const { client } = connected(options);
      const body = { plan: planFrom(file, options.file), reason: options.reason };
      const started = expectAnswer(await client.call('applyRollout', { body }), inPlan(file));
      if (options.watch === true) return follow(client, started.key, options);
      print(
        started,
        options,
        (one) => `${one.key} is ${one.status}. Watch it: ${CALLED_AS} rollout get ${one.key} --watch`,
      );
    });
}

/** The server says `/plan/stages/0`; in the file that is `/stages/0`. */
function inPlan({ path, place }: DocumentFile): Source {
  const prefix = '/plan';
  return {
    path,
    place: (field) => place(field === prefix || field.startsWith(`${prefix}/`) ? field.slice(prefix.length) : field),
  };
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
      if (options.watch === true) return follow(client, key, options);
      const rollout = expectAnswer(await client.call('getRollout', { params: { key } }));
      const statuses = await statusesOf(client, rollout);
      print(rollout, options, (one) => rolloutView(one, statuses, Date.now(), paintFor(process.stdout, process.env)));
    },
  );
}

function watchable(command: Command): Command {
  return withServer(command)
    .option('-w, --watch', 'follow it to its end; exits 0 only if it succeeded')
    .option('--timeout <duration>', 'give up watching after, e.g. 90s or 10m', durationMs);
}

async function follow(client: Client, key: string, options: WatchOptions): Promise<void> {
  const ended = await watch(client, key, options);
  if (ended.is === 'left') {
    tell(`${key} goes on. Watch it again: ${CALLED_AS} rollout get ${key} --watch`);
    process.exitCode = EXIT.interrupted;
    return;
  }
  process.exitCode = ended.rollout.status === 'succeeded' ? EXIT.ok : EXIT.rolloutFailed;
}

function addList(rollouts: Command): void {
  withPages(rollouts.command('list').description('list rollouts')).action(async (options: PageOptions) => {
    const page = expectAnswer(await connected(options).client.call('listRollouts', { query: pageOf(options) }));
    printPage(page, options, (items) =>
      items.length === 0
        ? `No rollouts. Start one with \`${CALLED_AS} rollout apply -f plan.yaml\`.`
        : table(['ROLLOUT', 'STATUS', 'ENVIRONMENT', 'STAGES'], items.map(row)),
    );
  });
}

function row(rollout: Rollout): string[] {
  const stages = rollout.plan.stages.map((plan, index) => {
    const stage = rollout.stages[index];
    return stage === undefined ? plan.key : `${plan.key}: ${phaseText(plan, stage, Date.now())}`;
  });
  return [rollout.key, rollout.status.replace('_', ' '), rollout.plan.environment, stages.join('; ')];
}

function addHistory(rollouts: Command): void {
  withPages(rollouts.command('history <key>').description('every decision with its numbers, newest first')).action(
    async (key: string, options: PageOptions) => {
      const query = pageOf(options);
      const page = expectAnswer(await connected(options).client.call('rolloutHistory', { params: { key }, query }));
      printPage(page, options, (items) => items.map((entry) => `${line(entry)}${findings(entry.because)}`).join('\n'));
    },
  );
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
      print(changed, options, (one) => `${one.key} is ${one.status.replace('_', ' ')}; it goes to the next step`);
    });
}
