import { importConfigCat } from './configcat/flags.ts';
import type { Dialect, FractionalHash } from './dialects.ts';
import { importFlagd } from './flagd/flags.ts';
import { importFlagsmith } from './flagsmith/flags.ts';
import { importGrowthBook } from './growthbook/flags.ts';
import { importLaunchDarkly } from './launchdarkly/flags.ts';
import { noteLostDigits } from './lost-digits.ts';
import { readJson, readJsonOrYaml } from './reading.ts';
import { CannotCarry, type Imported } from './report.ts';
import { importUnleash } from './unleash/flags.ts';

/** What a file does not say of itself. */
export interface ImportOptions {
  /** Of flagd's `fractional`; v2 if it is left out. */
  readonly hash?: FractionalHash;
  /** Of a GrowthBook payload that is encrypted, in base64. */
  readonly decryptionKey?: string;
}

type Importer = (file: unknown, options: ImportOptions) => Imported | undefined;

const IMPORTERS: Readonly<Record<Dialect, Importer>> = {
  configcat: importConfigCat,
  flagsmith: importFlagsmith,
  growthbook: (file, { decryptionKey }) => importGrowthBook(file, decryptionKey),
  flagd: (file, { hash }) => importFlagd(file, hash),
  launchdarkly: importLaunchDarkly,
  unleash: importUnleash,
};

const EXPECTED: Readonly<Record<Dialect, string>> = {
  configcat: 'a config JSON (version 6) with `f`, nor plain values in `flags`',
  flagsmith:
    'an environment document with `feature_states` and `project`, an evaluation context with `environment` and `features`, nor an export of features',
  growthbook: "an SDK's payload with `features`, nor features by their keys, nor the REST API's list of features",
  flagd: 'definitions of flagd, which have `flags`',
  launchdarkly:
    "a server-side payload with `flags` and `segments`, as an SDK gets it, nor the REST API's list of flags with `items`",
  unleash: 'what clients get of Unleash (`features`, `segments`), nor an export of its admin API',
};

/** Products whose own tools read YAML as well. */
const YAML: ReadonlySet<Dialect> = new Set(['flagd', 'launchdarkly', 'unleash']);

/** Text in, definitions and a report out; a text when the file as a whole is not what the product writes. */
export function importText(dialect: Dialect, text: string, options: ImportOptions = {}): Imported | string {
  try {
    const read = YAML.has(dialect) ? readJsonOrYaml : readJson;
    const imported = IMPORTERS[dialect](read(text.replace(/^\uFEFF/, '')), options);
    return imported === undefined ? `is not ${EXPECTED[dialect]}` : noteLostDigits(imported, text);
  } catch (error) {
    if (error instanceof CannotCarry) return `cannot be read: ${error.message}`;
    // Thrown by the platform where the stack ends.
    if (error instanceof RangeError) return 'cannot be read: it nests too deep, or says more than fits into memory';
    throw error;
  }
}
