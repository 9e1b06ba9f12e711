import type { Json, Prerequisite } from '@spillway/evaluator';
import { describedBy } from '../description.ts';
import { cannotCarry, gather, type Imported, type ImportedFlag } from '../report.ts';
import { isSource, type Source } from '../source.ts';
import { type Served, stepwiseFlagOf, type Test } from '../stepwise.ts';
import { decrypted } from './decryption.ts';
import { type Listing, listingIn } from './listed.ts';
import type { Environment, Missing, Payload } from './payload.ts';
import { askingIn, requirementsOf } from './requirements.ts';
import { sharedExperiments } from './sharing.ts';
import { stepBudget, stepsOf } from './steps.ts';

export interface TranslatedFlag {
  readonly flag: ImportedFlag;
  readonly notes: string[];
}

/** A payload as an SDK gets it: `{features, savedGroups, …}`, or its features alone; or features as the REST API lists them. */
export function importGrowthBook(source: unknown, decryptionKey?: string): Imported | undefined {
  if (!isSource(source)) return undefined;
  const listing = listingIn(source);
  if (listing !== undefined) return importedOf(listing);
  const file = decryptionKey === undefined ? source : decrypted(source, decryptionKey);
  // What is encrypted stands beside empty features.
  const plain = isSource(file.features) ? Object.keys(file.features).length : 0;
  if (plain === 0 && file.encryptedFeatures && decryptionKey === undefined) {
    return cannotCarry('its features are encrypted; say --decryption-key-file, or fetch them decrypted');
  }
  const features = isSource(file.features) ? file.features : file;
  if (features === file && (!Object.values(file).every(isFeature) || Object.keys(file).length === 0)) return undefined;
  const environment: Environment = {
    name: undefined,
    features,
    savedGroups: partOf(features === file ? {} : file.savedGroups, file.encryptedSavedGroups),
    bandits: partOf(features === file ? {} : file.contextualBandits, file.encryptedContextualBandits),
  };
  return importedOf({
    keys: Object.keys(features),
    environments: [environment],
    check: () => undefined,
    defaultOf: () => null,
    descriptionOf: () => undefined,
  });
}

/** In a file that is features by their keys and nothing else. */
function isFeature(value: unknown): boolean {
  return isSource(value) && ('defaultValue' in value || Array.isArray(value.rules));
}

function partOf(plain: unknown, encrypted: unknown): Source | Missing {
  if (isSource(plain)) return plain;
  return encrypted === undefined || encrypted === '' ? {} : 'encrypted';
}

function importedOf(listing: Listing): Imported {
  const made = new Map<string, TranslatedFlag>();
  const translate = (key: string): TranslatedFlag => {
    const flag = made.get(key) ?? translated(key, listing, translate);
    made.set(key, flag);
    return flag;
  };
  return gather(listing.keys, translate);
}

function translated(key: string, listing: Listing, translate: (key: string) => TranslatedFlag): TranslatedFlag {
  listing.check(key);
  const notes = new Set<string>();
  const there = listing.environments.filter(({ features }) => Object.hasOwn(features, key));
  if (there.length === 0)
    return cannotCarry('it is off or archived wherever the list tells of it, so that SDKs do not get it');
  const served = listing.environments.map((environment): readonly [string | undefined, Served] => [
    environment.name,
    there.includes(environment)
      ? servedIn(environment, key, translate, notes)
      : offIn(environment, listing.defaultOf(key), notes),
  ]);
  const flag = { ...stepwiseFlagOf('growthbook', served), ...describedBy(listing.descriptionOf(key)) };
  return { flag, notes: [...notes] };
}

function servedIn(
  payload: Payload,
  key: string,
  translate: (key: string) => TranslatedFlag,
  notes: Set<string>,
): Served {
  const { feature, off, prerequisites } = requirementsOf(key, payload, translate);
  const features = { ...payload.features, [key]: feature };
  const ask = askingIn(key, payload, translate);
  const steps = stepsOf(key, { ...payload, features, notes, ask, budget: stepBudget() });
  for (const experiment of sharedExperiments(key, payload.features)) {
    notes.add(
      `its experiment ${experiment} may be asked twice and decide otherwise: where assignments are kept, GrowthBook lets the first count for the second at once, which is not so here`,
    );
  }
  if (prerequisites.length > 0 && off === null) {
    notes.add('it is null while what it requires is not met, where applications have their own default');
  }
  const served = steps.map(({ gives, ...step }) => ({ ...step, value: gives === 'cycle' ? null : gives.value }));
  return { steps: served, off, prerequisites, attributeOf };
}

function offIn({ name }: Environment, value: Json, notes: Set<string>): Served {
  notes.add(`it is off in ${name}, where SDKs do not get it: here it serves its default value there`);
  return { steps: [{ when: [], value }], off: value, prerequisites: [], attributeOf, isOff: true };
}

function attributeOf({ condition, bucket, assigned }: Test): string | undefined {
  if (isSource(assigned)) return attributeOf((assigned.tests as Test[]).at(-1) ?? {});
  if (isSource(bucket)) return String(bucket.attribute);
  return isSource(condition) ? Object.keys(condition)[0] : undefined;
}

/** A feature without what it requires of others as a whole, which is said of the flag; `off` is its value without that. */
export interface Requirements {
  readonly feature: unknown;
  readonly prerequisites: readonly Prerequisite[];
  readonly off: Json;
}
