import { CommanderError } from 'commander';
import { whyUnwritable } from './files/why.ts';
import { EXIT } from './output/exit-codes.ts';
import { Failure, failureDocument } from './output/failure.ts';
import { tell } from './output/print.ts';
import { createProgram } from './program.ts';

function exitCodeFor(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const failure =
    error instanceof Failure
      ? error
      : new Failure(error instanceof Error ? error.message : String(error), EXIT.unexpected);
  tell(json ? failureDocument(failure) : failure.message);
  return failure.exitCode;
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone (`spillway … | head`): there is nobody left to tell.
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    if (stream === process.stdout) tell(`The output cannot be written: ${whyUnwritable(error)}.`);
    process.exit(EXIT.unexpected);
  });
}

const json = process.argv.includes('--json');
try {
  await createProgram(json).parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitCodeFor(error, json);
}
