import type { CallOutput, Client } from '@spillway/contract';
import { CALLED_AS } from '../output/called-as.ts';
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
  const archived = await archivedAmong(unknown, asked);
  const lost = unknown.filter((key) => !archived.includes(key));
  const where = asked.at === undefined ? `in ${asked.environment}` : `in ${asked.environment} at ${asked.at}`;
  const told = archived.map(
    (key) => `The flag ${key} is archived. Bring it back: ${CALLED_AS} flags history ${key}, then flags restore.`,
  );
  if (lost.length > 0) told.push(unknownFlags(lost, where, await knownKeys(asked)).message);
  throw new Failure(told.join(' '), EXIT.notFound);
}

/** One sentence about all of them: `There is no flag "bannr" in the files. Closest: banner.` */
export function unknownFlags(unknown: readonly string[], where: string, known: readonly string[]): Failure {
  const named = unknown.map((key) => JSON.stringify(key)).join(', ');
  const closest = [...new Set(unknown.flatMap((key) => closestKeys(key, known)))];
  const remedy = closest.length === 0 ? 'Check the key.' : `Closest: ${closest.join(', ')}.`;
  return new Failure(`There is no flag ${named} ${where}. ${remedy}`, EXIT.notFound);
}

/** Most that are looked up one by one; more keys that are not there are a mistake of another kind. */
const MAX_LOOKED_UP = 5;

/** Only asked about the present: what is archived now may well have been there. Who may not read flags is told of none. */
async function archivedAmong(keys: readonly string[], { client, at }: Asked): Promise<readonly string[]> {
  if (at !== undefined) return [];
  const found = await Promise.all(
    keys.slice(0, MAX_LOOKED_UP).map((key) => client.call('getFlag', { params: { key } })),
  );
  return found.flatMap((flag) => (flag.ok && flag.value.lifecycle === 'archived' ? [flag.value.key] : []));
}

/** All flags are answered to whoever may ask for one, unlike the list of flags. Without them there is no suggestion. */
async function knownKeys({ client, environment, at }: Asked): Promise<readonly string[]> {
  const moment = at === undefined ? {} : { at };
  const all = await client.call('evaluateFlags', { body: { environment, context: {}, ...moment } });
  return all.ok ? all.value.evaluations.map(({ flagKey }) => flagKey) : [];
}
