import type { FlagCondition, Json, Prerequisite } from '@spillway/evaluator';
import { CannotCarry, cannotCarry, gather, type Imported, type ImportedFlag, spillwayKey } from '../report.ts';
import { isSource, type Source } from '../source.ts';
import { stepwiseFlag, type Test } from '../stepwise.ts';
import { type Config, settingOf, valueIn } from './model.ts';
import { acceptedBy, conditionsOf, rulesOf, stepBudget, stepsOf } from './steps.ts';

export interface TranslatedFlag {
  readonly flag: ImportedFlag;
  readonly notes: string[];
}

type Translate = (key: string) => TranslatedFlag;

/** A config JSON of version 6, `{p, s, f}`, or a file of plain values that SDKs are run with locally, `{flags}`. */
export function importConfigCat(file: unknown): Imported | undefined {
  if (!isSource(file)) return undefined;
  if (isSource(file.flags) && file.f === undefined) return importValues(file.flags);
  if (!isSource(file.f)) return undefined;
  const salt = isSource(file.p) ? file.p.s : undefined;
  const config: Config = { settings: file.f, segments: file.s, salt };
  const made = new Map<string, TranslatedFlag>();
  const translate: Translate = (key) => {
    const flag = made.get(key) ?? translated(key, config, translate);
    made.set(key, flag);
    return flag;
  };
  return gather(Object.keys(config.settings), translate);
}

function importValues(values: Source): Imported {
  return gather(Object.keys(values), (key) => {
    const value = values[key];
    const isPlain = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
    if (!isPlain) return cannotCarry('its value is neither text nor a number, nor true or false');
    return flagOf([{ when: [], value }], value, [], new Set());
  });
}

function translated(key: string, config: Config, translate: Translate): TranslatedFlag {
  const setting = settingOf(key, config);
  const notes = new Set<string>();
  const ask = askingIn(config, translate);
  const steps = stepsOf(key, { ...config, notes, ask, budget: stepBudget() });
  const off = valueIn(setting, setting, 'it');
  const shared = sharedPrerequisites(setting, config, translate);
  if (shared === undefined) return flagOf(steps, off, [], notes);
  const settings = { ...config.settings, [key]: withoutPrerequisites(setting) };
  const rest = stepsOf(key, { ...config, settings, notes: new Set(), ask, budget: stepBudget() });
  return flagOf(rest, off, shared, new Set());
}

/** How rules ask what they require of others; undefined for what is not carried, which has to be put in. */
function askingIn(config: Config, translate: Translate): (source: Source) => FlagCondition | 'never' | undefined {
  return (source) => {
    const required = String(source.f);
    const variants = acceptedVariants(required, source, config, translate);
    if (variants === undefined) return undefined;
    return variants.length === 0 ? 'never' : { flag: spillwayKey(required), variants };
  };
}

function flagOf(
  steps: ReturnType<typeof stepsOf>,
  off: Json,
  prerequisites: readonly Prerequisite[],
  notes: ReadonlySet<string>,
): TranslatedFlag {
  return {
    flag: stepwiseFlag('configcat', { steps, off, prerequisites, attributeOf }),
    notes: [...notes],
  };
}

function attributeOf({ user, bucket }: Test): string | undefined {
  const part = isSource(user) ? user : bucket;
  return isSource(part) ? String(part.attribute) : undefined;
}

/** What every rule requires, where nobody else gets anything but the value for all others: prerequisites of the flag itself. */
function sharedPrerequisites(
  setting: Source,
  config: Config,
  translate: Translate,
): readonly Prerequisite[] | undefined {
  const [first, ...others] = rulesOf(setting).map(prerequisitesOf);
  const isShared = others.every((each) => JSON.stringify(each) === JSON.stringify(first));
  const hasOptions = Array.isArray(setting.p) && setting.p.length > 0;
  if (first === undefined || first.length === 0 || !isShared || hasOptions) return undefined;
  const found = new Map<string, readonly string[]>();
  for (const source of first) {
    const required = String(source.f);
    const accepted = acceptedVariants(required, source, config, translate);
    const both = accepted?.filter((name) => found.get(required)?.includes(name) ?? true) ?? [];
    if (both.length === 0) return undefined;
    found.set(required, both);
  }
  return [...found].map(([required, variants]) => ({ flag: spillwayKey(required), variants }));
}

function prerequisitesOf(rule: Source): readonly Source[] {
  return conditionsOf(rule).flatMap(({ p }) => (isSource(p) ? [p] : []));
}

function withoutPrerequisites(setting: Source): Source {
  const rules = rulesOf(setting).map((rule) => ({ ...rule, c: conditionsOf(rule).filter(({ p }) => !isSource(p)) }));
  return { ...setting, r: rules };
}

/** Undefined where the setting that is required is not carried, or shares its name here with another. */
function acceptedVariants(
  key: string,
  source: Source,
  config: Config,
  translate: Translate,
): readonly string[] | undefined {
  try {
    const own = spillwayKey(key);
    if (Object.keys(config.settings).filter((each) => each.toLowerCase() === own).length > 1) return undefined;
    const accepts = acceptedBy(source, settingOf(key, config));
    return translate(key).flag.variants.flatMap(({ name, value }) => (accepts(value) ? [name] : []));
  } catch (error) {
    if (error instanceof CannotCarry) return undefined;
    throw error;
  }
}
