import { writeFile } from 'node:fs/promises';
import { type Failure, usageFailure } from '../output/failure.ts';
import { whyUnwritable } from './why.ts';

/** Writes what a command was asked to write. Throws a `Failure` that says why it cannot. */
export async function writeOut(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: unknown) => {
    throw unwritable(path, error);
  });
}

export function unwritable(path: string, error: unknown): Failure {
  return usageFailure(`${path} cannot be written: ${whyUnwritable(error)}.`);
}
