import { importConfigCat } from './configcat/flags.ts';
import type { Dialect } from './dialects.ts';
import { importFlagd } from './flagd/flags.ts';
import { importFlagsmith } from './flagsmith/flags.ts';
import { importGrowthBook } from './growthbook/flags.ts';
import { importLaunchDarkly } from './launchdarkly/flags.ts';
import { CannotCarry, type Imported } from './report.ts';
import { importUnleash } from './unleash/flags.ts';

const IMPORTERS: Readonly<Record<Dialect, (file: unknown) => Imported | undefined>> = {
  configcat: importConfigCat,
  flagsmith: importFlagsmith,
  growthbook: importGrowthBook,
  flagd: importFlagd,
  launchdarkly: importLaunchDarkly,
  unleash: importUnleash,
};

const EXPECTED: Readonly<Record<Dialect, string>> = {
  configcat: 'a config JSON (version 6) with `f`',
  flagsmith: 'an environment document with `feature_states` and `project`',
  growthbook: "an SDK's payload with `features`",
  flagd: 'definitions of flagd, which have `flags`',
  launchdarkly: 'a server-side payload with `flags` and `segments`, as an SDK gets it',
  unleash: 'what clients get of Unleash (`features`, `segments`), nor an export of its admin API',
};

/** Text in, definitions and a report out; a text when the file as a whole is not what the product writes. */
export function importText(dialect: Dialect, text: string): Imported | string {
  try {
    const imported = IMPORTERS[dialect](JSON.parse(text.replace(/^\uFEFF/, '')));
    return imported ?? `is not ${EXPECTED[dialect]}`;
  } catch (error) {
    if (error instanceof CannotCarry) return `cannot be read: ${error.message}`;
    if (error instanceof SyntaxError) return `is not JSON: ${error.message}`;
    throw error;
  }
}
