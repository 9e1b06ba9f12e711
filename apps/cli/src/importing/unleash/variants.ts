import type { Condition, Json } from '@spillway/evaluator';
import { every, NEVER } from '../conditions.ts';
import { anyOf, cannotCarry, type ImportedFlag, type ImportedRule } from '../report.ts';
import { isSource, listOf, numberOf, type Source, sourceOf, sourcesOf, textOf, textsOf } from '../source.ts';
import { typeOf, variantKey } from '../variants.ts';
import { fieldOf, imported, type Notes } from './constraints.ts';

/** The variant of whom a feature is off for; also the name that Unleash gives to no variant at all. */
export const DISABLED = 'disabled';

/** A variant of the flag that is made, and what it was. */
export interface Known {
  readonly name: string;
  readonly value: Json;
  /** As Unleash's `getVariant` names it. */
  readonly source: string;
  readonly isEnabled: boolean;
}

/** The variants that one flag comes to have, each name once. */
export class Variants {
  readonly known: Known[] = [];
  readonly hasNone: boolean;
  private readonly notes: Notes;

  /** Without variants in the feature, it is true or false. */
  constructor(hasNone: boolean, notes: Notes) {
    this.hasNone = hasNone;
    this.notes = notes;
    this.known.push({ name: DISABLED, value: hasNone ? false : DISABLED, source: DISABLED, isEnabled: false });
  }

  /** On, and no variant chosen. */
  plain(): string {
    return this.add('enabled', this.hasNone ? true : DISABLED, DISABLED);
  }

  of(variant: Source): string {
    const name = textOf(variant.name, 'the name of a variant');
    return this.add(name, this.valueOf(variant, name), name);
  }

  private add(wanted: string, value: Json, source: string): string {
    const same = this.known.find(
      (each) => each.isEnabled && each.source === source && JSON.stringify(each.value) === JSON.stringify(value),
    );
    if (same !== undefined) return same.name;
    const name = variantKey(wanted, new Set(this.known.map((each) => each.name)));
    if (name !== wanted) this.notes.add(`its variant ${wanted} is called ${name}`);
    this.known.push({ name, value, source, isEnabled: true });
    return name;
  }

  private valueOf({ payload }: Source, name: string): Json {
    if (payload === undefined || payload === null) return name;
    const { type, value } = sourceOf(payload, 'a payload');
    if (value === undefined) return cannotCarry('a payload has no value');
    if (typeof value !== 'string') return value as Json;
    const read = type === 'json' ? jsonOf(value) : type === 'number' ? numberIn(value) : value;
    if (read !== undefined) return read;
    this.notes.add(`the payload of its variant ${name} is no ${String(type)} that can be read, and so stays text`);
    return value;
  }

  ofFlag(): { type: ImportedFlag['type']; variants: ImportedFlag['variants'] } {
    const variants = this.known.map(({ name, value }) => ({ name, value }));
    return { type: typeOf(variants.map(({ value }) => value)), variants };
  }
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Numbers that are exact as such: digits are not lost. */
function numberIn(text: string): number | undefined {
  const number = Number(text);
  const isExact = text.replace(/\D/g, '').length <= 15;
  return text.trim() !== '' && Number.isFinite(number) && isExact ? number : undefined;
}

export interface Choice {
  readonly when: Condition;
  readonly variants: readonly Source[];
  readonly group: string;
  /** Undefined as Unleash's `default`. */
  readonly stickiness: unknown;
}

/** Rules for each variant, and whether somebody is left without any. */
export function rulesOfVariants(
  { when, variants, group, stickiness }: Choice,
  known: Variants,
  notes: Notes,
): { rules: ImportedRule[]; isWhole: boolean } {
  const weights = variants.map(({ weight }) => weightOf(weight));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return { rules: [], isWhole: false };
  const rules = variants.flatMap((variant) => {
    const overridden = overrideOf(variant, notes);
    return overridden === NEVER ? [] : [{ when: every([when, overridden]), serve: { variant: known.of(variant) } }];
  });
  const served = variants.map((variant, index) => ({ variant, weight: weights[index] ?? 0 })).filter(hasWeight);
  const isWhole = weights.every(Number.isInteger);
  const by = served.length > 1 || !isWhole ? stickinessOf(stickiness, notes) : 'default';
  let upto = 0;
  for (const [index, { variant, weight }] of served.entries()) {
    upto += weight;
    const isRest = isWhole && index === served.length - 1;
    const share = isRest ? [] : [imported({ op: 'variant', by, group, total, upto })];
    rules.push({ when: every([when, ...share]), serve: { variant: known.of(variant) } });
  }
  return { rules, isWhole };
}

function hasWeight({ weight }: { readonly weight: number }): boolean {
  return weight !== 0;
}

function weightOf(value: unknown): number {
  const weight = numberOf(value, 'the weight of a variant');
  return weight >= 0 ? weight : cannotCarry('the weight of a variant is below 0');
}

function stickinessOf(value: unknown, notes: Notes): string {
  const by = textOf(value ?? 'default', 'the stickiness of variants');
  if (by === 'random' || by === '') return cannotCarry('its variants are drawn at random, anew at every question');
  notes.add(
    by === 'default'
      ? 'who has no userId, sessionId or remoteAddress is drawn anew at every question by Unleash, and gets the last variant here'
      : `who has no ${by} is drawn anew at every question by Unleash, and gets the last variant here`,
  );
  return by === 'default' ? by : fieldOf(by, notes);
}

function overrideOf({ overrides }: Source, notes: Notes): Condition {
  const all = sourcesOf(overrides, 'the overrides of a variant');
  if (all.length === 0) return NEVER;
  return anyOf(
    all.map((override) => {
      const values = textsOf(override.values, 'the values of an override');
      return imported({ op: 'IN', field: fieldOf(override.contextName, notes), values });
    }),
  );
}

export function variantsIn(value: unknown): readonly Source[] {
  return listOf(value, 'variants').filter(
    (variant) => isSource(variant) || cannotCarry('a variant is not an object'),
  ) as Source[];
}
