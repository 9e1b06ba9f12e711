import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Order, Task } from './worker.ts';

/** A worker process that answers one message after another. */
export interface Child {
  /** What it said first: that it is ready, its figures, or its problem. */
  readonly first: unknown;
  ask(order: Order): Promise<unknown>;
  stop(): void;
}

export interface Problem {
  readonly problem: string;
}

export function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'problem' in answer && typeof answer.problem === 'string';
}

const ANSWERS_WITHIN_MS = 60_000;

export async function startChild(task: Task, environment: Readonly<Record<string, string>>): Promise<Child> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(task)], {
    execArgv: ['--expose-gc', '--no-warnings'],
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    // What engines print is no part of the report.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // A message to a process that has just died; that it died is what `nextAnswer` tells.
  child.on('error', () => undefined);
  const first = await nextAnswer(child);
  return {
    first,
    ask: async (order) => {
      if (!child.connected) return { problem: 'the process ended' };
      const answered = nextAnswer(child);
      child.send(order);
      return answered;
    },
    stop: () => {
      child.kill('SIGKILL');
    },
  };
}

/** The figures of a process that measures one thing and is done. */
export async function figuresOf<T>(
  task: Task,
  environment: Readonly<Record<string, string>>,
  isFigures: (answer: unknown) => answer is T,
): Promise<T | Problem> {
  const child = await startChild(task, environment);
  child.stop();
  if (isFigures(child.first)) return child.first;
  return isProblem(child.first) ? child.first : { problem: 'it answered something else' };
}

function nextAnswer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    const done = (answer: unknown) => {
      clearTimeout(late);
      child.removeAllListeners('message').removeAllListeners('exit');
      resolve(answer);
    };
    const late = setTimeout(
      () => done({ problem: `no answer within ${ANSWERS_WITHIN_MS / 1_000} s` }),
      ANSWERS_WITHIN_MS,
    );
    child.once('message', done);
    child.once('exit', (code, signal) => done({ problem: `the process ended with ${code ?? signal}` }));
  });
}
