import { broken, problemOf } from '../broken.ts';
import type { Test } from '../conditions/operators.ts';
import type { Json } from '../json.ts';
import { configCatTest } from './configcat/configcat.ts';
import { flagdTest } from './flagd.ts';
import { flagsmithTest } from './flagsmith/flagsmith.ts';
import { growthBookTest } from './growthbook/growthbook.ts';
import { launchDarklyTest } from './launchdarkly/launchdarkly.ts';
import { unleashTest } from './unleash.ts';

/** A test as another product writes it down. */
export type Written = Readonly<Record<string, Json>>;

/** Products whose conditions are answered as they answer them, on contexts of their shape. */
const DIALECTS: Readonly<Record<string, (written: Written) => Test>> = {
  configcat: configCatTest,
  flagd: flagdTest,
  flagsmith: flagsmithTest,
  growthbook: growthBookTest,
  launchdarkly: launchDarklyTest,
  unleash: unleashTest,
};

/** `values` is the dialect's name and one test in it; throws for what this version does not know. */
export function compileImported(values: readonly Json[]): Test {
  const [dialect, written] = values;
  if (typeof dialect !== 'string' || !Object.hasOwn(DIALECTS, dialect)) {
    return broken(`the dialect ${String(dialect)} is not known to this version`);
  }
  if (values.length !== 2 || typeof written !== 'object' || written === null || Array.isArray(written)) {
    return broken('imported takes the name of a dialect and a test');
  }
  return DIALECTS[dialect]?.(written as Written) ?? broken('the dialect is not known');
}

/** What keeps `values` from being used; undefined if nothing does. */
export function importedProblem(values: readonly Json[]): string | undefined {
  try {
    compileImported(values);
    return undefined;
  } catch (error) {
    return problemOf(error);
  }
}
