import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configuration, type EvaluationContext, evaluate, type Json, type Snapshot } from '@spillway/evaluator';
import { definitionsText } from '../../apps/cli/src/definitions/write.ts';
import { readerOf } from '../../apps/cli/src/importing/contexts.ts';
import type { Dialect } from '../../apps/cli/src/importing/dialects.ts';
import { type ImportOptions, importText } from '../../apps/cli/src/importing/import.ts';
import type { Report } from '../../apps/cli/src/importing/report.ts';
import { readConfiguration } from '../../apps/cli/src/offline/configuration.ts';

export interface Imported {
  readonly report: Report;
  readonly flags: Snapshot['flags'];
  readonly segments: Snapshot['segments'];
  /** `now` in milliseconds since 1970; 0 if it is left out. */
  readonly ask: (flag: string, context: object, now?: number) => Json;
}

/** Of a file that tells of several environments, the one that is asked. */
interface Asked extends ImportOptions {
  readonly environment?: string;
}

/** Goes the way of the command: text, a file of definitions, its checks, the evaluator. */
export async function imported(dialect: Dialect, file: object, options: Asked = {}): Promise<Imported> {
  return importedText(dialect, JSON.stringify(file), options);
}

export async function importedText(
  dialect: Dialect,
  text: string,
  { environment, ...options }: Asked = {},
): Promise<Imported> {
  const result = importText(dialect, text, options);
  if (typeof result === 'string') throw new Error(result);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-dialects-'));
  try {
    const path = join(folder, 'flags.json');
    writeFileSync(path, definitionsText(result.definitions, 'json'));
    const configuration = await readConfiguration([path], environment);
    const { flags, segments } = configuration.snapshot;
    return { report: result.report, flags, segments, ask: asking(configuration, readerOf(dialect)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function asking(configuration: Configuration, read: ReturnType<typeof readerOf>): Imported['ask'] {
  return (flag, context, now = 0) => {
    const asked = read(context as EvaluationContext);
    if (typeof asked === 'string') throw new Error(`the context ${asked}`);
    const answer = evaluate(configuration, flag, asked, now, null);
    if (answer.reason === 'ERROR') throw new Error(`${flag}: ${answer.errorMessage}`);
    return answer.value;
  };
}

/** Numbers from a seed, the same in every run (a linear congruence is random enough to draw definitions). */
export function createRandom(seed: number) {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return {
    whole: next,
    chance: (share: number) => next(1_000) < share * 1_000,
    pick: <T>(items: readonly T[]): T => items[next(items.length)] as T,
    some: <T>(items: readonly T[], most: number): T[] =>
      Array.from({ length: 1 + next(most) }, () => items[next(items.length)] as T),
  };
}

export type Random = ReturnType<typeof createRandom>;
