import type { CallOutput, Client } from '@spillway/contract';
import { closestKeys } from '../output/closest-keys.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';

type Answer = CallOutput<'evaluateFlag'>;

/** Where a server was asked. */
interface Asked {
  readonly client: Client;
  readonly environment: string;
  readonly at?: string;
}

/** A misspelt key has been answered like any other; that there is no such flag must not pass for success. */
export async function failForUnknown(answers: readonly Answer[], asked: Asked): Promise<void> {
  const unknown = answers.filter(({ errorCode }) => errorCode === 'FLAG_NOT_FOUND').map(({ flagKey }) => flagKey);
  if (unknown.length === 0) return;
  throw unknownFlags(unknown, `in ${asked.environment}`, await knownKeys(asked));
}

/** One sentence about all of them: `There is no flag "bannr" in the files. Closest: banner.` */
export function unknownFlags(unknown: readonly string[], where: string, known: readonly string[]): Failure {
  const named = unknown.map((key) => JSON.stringify(key)).join(', ');
  const closest = [...new Set(unknown.flatMap((key) => closestKeys(key, known)))];
  const remedy = closest.length === 0 ? 'Check the key.' : `Closest: ${closest.join(', ')}.`;
  return new Failure(`There is no flag ${named} ${where}. ${remedy}`, EXIT.notFound);
}

/** All flags are answered to whoever may ask for one, unlike the list of flags. Without them there is no suggestion. */
async function knownKeys({ client, environment, at }: Asked): Promise<readonly string[]> {
  const moment = at === undefined ? {} : { at };
  const all = await client.call('evaluateFlags', { body: { environment, context: {}, ...moment } });
  return all.ok ? all.value.evaluations.map(({ flagKey }) => flagKey) : [];
}
