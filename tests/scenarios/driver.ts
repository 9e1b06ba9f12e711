import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Command } from './drivers/line-driver.ts';

/** A driver that takes longer for one answer hangs. */
const ANSWER_MS = 60_000;
/** An evaluation that lasts longer has waited for something. */
export const LONGEST_EVALUATION_MS = 500;

export interface Hello {
  readonly name: string;
  readonly can: readonly string[];
  readonly key: 'sdk' | 'client';
}

/** The client under test, in a process of its own. */
export interface Driver {
  readonly hello: Hello;
  /** Throws when the driver could not, or is gone. */
  ask(command: Command): Promise<Readonly<Record<string, unknown>>>;
  /** Ends the process as an application that closes its client ends; throws what went wrong unnoticed. */
  end(): Promise<void>;
  kill(): Promise<void>;
}

export async function startDriver([program, ...args]: readonly [string, ...string[]]): Promise<Driver> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answer = answersOf(child);
  const hello = (await answer()) as unknown as Hello;
  const ask = async (command: Command) => {
    child.stdin?.write(`${JSON.stringify(command)}\n`);
    const answered = await answer();
    if (answered.error !== undefined) throw new Error(`${hello.name}: ${String(answered.error)}`);
    if (command.do === 'evaluate' && hello.can.includes('memory')) refuseWaiting(answered.took_ms);
    return answered;
  };
  return {
    hello,
    ask,
    async end() {
      await ask({ do: 'close' });
      const { problems } = await ask({ do: 'problems' });
      const ended = once(child, 'exit');
      child.stdin?.end();
      const [code] = await ended;
      if (code !== 0) throw new Error(`${hello.name} ended with code ${code}`);
      if (Array.isArray(problems) && problems.length > 0) throw new Error(`nobody caught: ${problems.join('\n')}`);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function refuseWaiting(tookMs: unknown): void {
  if (typeof tookMs !== 'number') throw new Error('an evaluation does not say how long it took (`took_ms`)');
  if (tookMs > LONGEST_EVALUATION_MS) throw new Error(`an evaluation took ${Math.round(tookMs)} ms`);
}

/** Lines come in the order of the commands. */
function answersOf(child: ChildProcess): () => Promise<Readonly<Record<string, unknown>>> {
  if (child.stdout === null) throw new Error('a driver without standard output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`the driver did not answer within ${ANSWER_MS} ms`)), ANSWER_MS);
    try {
      const line = await Promise.race([lines.next(), late]);
      if (line.done === true) throw new Error('the driver has ended');
      return JSON.parse(line.value) as Readonly<Record<string, unknown>>;
    } finally {
      clearTimeout(timer);
    }
  };
}
