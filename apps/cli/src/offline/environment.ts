import { type Definitions, enumerate, environmentsNamed, USUAL_ENVIRONMENT } from '@spillway/core';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, usageFailure } from '../output/failure.ts';

/** The one asked for; else the only one that the files name; else `production`. */
export function chooseEnvironment(definitions: Definitions, wanted: string | undefined): string {
  const named = environmentsNamed(definitions);
  if (wanted !== undefined) {
    const saysAll = Object.values(definitions.flags).some(({ all_environments }) => all_environments !== undefined);
    if (named.has(wanted) || saysAll || named.size === 0) return wanted;
    throw new Failure(`No flag says anything about ${wanted}; known: ${enumerate(named)}.`, EXIT.notFound);
  }
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined || named.has(USUAL_ENVIRONMENT)) return USUAL_ENVIRONMENT;
  throw usageFailure(`The files name several environments: ${enumerate(named)}. Choose one with --environment.`);
}
