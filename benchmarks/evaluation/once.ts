import { join } from 'node:path';
import { figuresOf, isProblem, type Problem } from './children.ts';
import type { Engine } from './engines/engine.ts';
import { median, type Own } from './own.ts';

/** What is measured in fresh processes, once or a few times. */
export interface Start {
  readonly engine: string;
  readonly import_ms: number;
  /** Payload text to first answer, 500 flags, nothing warm. */
  readonly answer_ms: number;
}

export interface Memory {
  readonly engine: string;
  readonly heap_bytes: number;
  readonly outside_bytes: number;
  readonly resident_bytes: number;
}

type Environment = Readonly<Record<string, string>>;
type Failed = { readonly engine: string } & Problem;

const START_FLAGS = 500;
export const MEMORY_FLAGS = 10_000;

/** In turns, like the workloads. */
export async function measureStarts(
  engines: readonly Engine[],
  times: number,
  directory: string,
  environment: Environment,
): Promise<(Start | Failed)[]> {
  const found = new Map<string, Start[]>();
  const failed = new Map<string, Failed>();
  for (const { name } of engines) await writePayload(name, START_FLAGS, directory, environment);
  for (let round = 0; round < times; round += 1) {
    for (const { name } of engines) {
      const file = payloadFile(directory, name, START_FLAGS);
      const figures = await figuresOf({ is: 'start', engine: name, file }, environment, isStart);
      if (isProblem(figures)) failed.set(name, { engine: name, ...figures });
      else found.set(name, [...(found.get(name) ?? []), { ...figures, engine: name }]);
    }
  }
  return engines.flatMap(({ name }): (Start | Failed)[] => {
    const starts = found.get(name) ?? [];
    const failure = failed.get(name);
    if (failure !== undefined) return [failure];
    const answer_ms = median(starts.map((start) => start.answer_ms));
    return [{ engine: name, import_ms: median(starts.map((start) => start.import_ms)), answer_ms }];
  });
}

export async function measureMemory(
  engines: readonly Engine[],
  directory: string,
  environment: Environment,
): Promise<(Memory | Failed)[]> {
  const all: (Memory | Failed)[] = [];
  for (const { name } of engines) {
    await writePayload(name, MEMORY_FLAGS, directory, environment);
    const file = payloadFile(directory, name, MEMORY_FLAGS);
    const task = { is: 'memory', engine: name, file, flags: MEMORY_FLAGS } as const;
    all.push({ ...(await figuresOf(task, environment, isMemory)), engine: name });
  }
  return all;
}

export function measureOwnOnce(environment: Environment): Promise<Own | Problem> {
  return figuresOf({ is: 'own' }, environment, isOwn);
}

async function writePayload(engine: string, flags: number, directory: string, environment: Environment) {
  const task = { is: 'payload', engine, flags, file: payloadFile(directory, engine, flags) } as const;
  await figuresOf(task, environment, (answer): answer is string => answer === 'written');
}

function payloadFile(directory: string, engine: string, flags: number): string {
  return join(directory, `${engine}-${flags}.json`);
}

function has(answer: unknown, ...fields: readonly string[]): boolean {
  return typeof answer === 'object' && answer !== null && fields.every((field) => field in answer);
}

function isStart(answer: unknown): answer is Start {
  return has(answer, 'import_ms', 'answer_ms');
}

function isMemory(answer: unknown): answer is Memory {
  return has(answer, 'heap_bytes', 'outside_bytes', 'resident_bytes');
}

function isOwn(answer: unknown): answer is Own {
  return has(answer, 'compile_ms', 'one_change_ms', 'recompiled', 'list');
}
