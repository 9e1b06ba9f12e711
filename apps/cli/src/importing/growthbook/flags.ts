import type { Json, Prerequisite } from '@spillway/evaluator';
import { cannotCarry, gather, type Imported, type ImportedFlag } from '../report.ts';
import { isSource, type Source } from '../source.ts';
import { stepwiseFlag, type Test } from '../stepwise.ts';
import { decrypted } from './decryption.ts';
import { requirementsOf } from './requirements.ts';
import { stepBudget, stepsOf } from './steps.ts';

/** What the features of one file are translated among. */
export interface Payload {
  readonly features: Source;
  readonly savedGroups: Source | 'encrypted';
  readonly bandits: Source | 'encrypted';
}

export interface TranslatedFlag {
  readonly flag: ImportedFlag;
  readonly notes: string[];
}

/** A payload as an SDK gets it: `{features, savedGroups, …}`, or its features alone. */
export function importGrowthBook(source: unknown, decryptionKey?: string): Imported | undefined {
  if (!isSource(source)) return undefined;
  const file = decryptionKey === undefined ? source : decrypted(source, decryptionKey);
  // What is encrypted stands beside empty features.
  const plain = isSource(file.features) ? Object.keys(file.features).length : 0;
  if (plain === 0 && file.encryptedFeatures && decryptionKey === undefined) {
    return cannotCarry('its features are encrypted; say --decryption-key-file, or fetch them decrypted');
  }
  const features = isSource(file.features) ? file.features : file;
  if (features === file && (!Object.values(file).every(isFeature) || Object.keys(file).length === 0)) return undefined;
  const payload: Payload = {
    features,
    savedGroups: partOf(features === file ? {} : file.savedGroups, file.encryptedSavedGroups),
    bandits: partOf(features === file ? {} : file.contextualBandits, file.encryptedContextualBandits),
  };
  const made = new Map<string, TranslatedFlag>();
  const translate = (key: string): TranslatedFlag => {
    const flag = made.get(key) ?? translated(key, payload, translate);
    made.set(key, flag);
    return flag;
  };
  return gather(Object.keys(payload.features), translate);
}

/** In a file that is features by their keys and nothing else. */
function isFeature(value: unknown): boolean {
  return isSource(value) && ('defaultValue' in value || Array.isArray(value.rules));
}

function partOf(plain: unknown, encrypted: unknown): Source | 'encrypted' {
  if (isSource(plain)) return plain;
  return encrypted === undefined || encrypted === '' ? {} : 'encrypted';
}

function translated(key: string, payload: Payload, translate: (key: string) => TranslatedFlag): TranslatedFlag {
  const notes = new Set<string>();
  const required = requirementsOf(key, payload, translate);
  const features = { ...payload.features, [key]: required.feature };
  const steps = stepsOf(key, { ...payload, features, notes, budget: stepBudget() });
  if (required.prerequisites.length > 0 && required.off === null) {
    notes.add('it is null while what it requires is not met, where applications have their own default');
  }
  const { off, prerequisites } = required;
  const served = steps.map(({ when, gives }) => ({ when, value: gives === 'cycle' ? null : gives.value }));
  return {
    flag: stepwiseFlag('growthbook', { steps: served, off, prerequisites, attributeOf }),
    notes: [...notes],
  };
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
