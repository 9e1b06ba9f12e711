import { createInterface } from 'node:readline';

/** What a scenario starts a client with. */
export interface Start {
  readonly url: string;
  readonly key: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** A file of the client's own, which outlives it. */
  readonly cache: string;
  readonly timeout_ms: number;
  /** How many times faster its timers run. */
  readonly hurry: number;
}

export type Command =
  | ({ readonly do: 'start' } & Start)
  | { readonly do: 'evaluate'; readonly flag: string; readonly fallback: unknown }
  | { readonly do: 'status' }
  | { readonly do: 'clock'; readonly ahead_ms: number }
  | { readonly do: 'close' }
  | { readonly do: 'problems' };

/** A client under test, whatever it is made of. */
export interface Subject {
  /** Abilities beyond starting and answering, and which kind of key it takes. */
  readonly can: readonly ('memory' | 'status' | 'cache' | 'clock' | 'hurry')[];
  readonly key: 'sdk' | 'client';
  start(options: Start): Promise<void>;
  evaluate(flag: string, fallback: unknown): unknown;
  status?(): { readonly is: string; readonly configuration: number };
  clock?(aheadMs: number): void;
  close(): Promise<void>;
}

/** Commands come one a line, and each is answered with one line, in their order. Whatever nobody caught is told too. */
export async function drive(name: string, subject: Subject): Promise<void> {
  const problems: string[] = [];
  const uncaught = (error: unknown) =>
    problems.push(error instanceof Error ? (error.stack ?? error.message) : 'unknown');
  process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
  const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  say({ is: 'driver', name, can: subject.can, key: subject.key });
  for await (const line of createInterface({ input: process.stdin })) {
    const command: Command = JSON.parse(line);
    try {
      say(await obey(subject, command, problems));
    } catch (error) {
      problems.push(`${command.do} threw: ${String(error)}`);
      say({ error: String(error) });
    }
  }
}

async function obey(subject: Subject, command: Command, problems: readonly string[]): Promise<object> {
  switch (command.do) {
    case 'start':
      await subject.start(command);
      return {};
    case 'evaluate': {
      const started = performance.now();
      const asked = subject.evaluate(command.flag, command.fallback);
      const took = performance.now() - started;
      return { value: await asked, took_ms: took };
    }
    case 'status':
      return subject.status?.() ?? {};
    case 'clock':
      subject.clock?.(command.ahead_ms);
      return {};
    case 'close':
      await subject.close();
      return {};
    case 'problems':
      return { problems };
  }
}
