import type { Json } from '@spillway/evaluator';
import { cannotCarry } from '../report.ts';
import { isSource, type Source, sourceOf, textOf } from '../source.ts';

/** A config JSON of version 6, as clients get it. */
export interface Config {
  readonly settings: Source;
  readonly segments: unknown;
  readonly salt: unknown;
}

export function settingOf(key: string, { settings }: Config): Source {
  return Object.hasOwn(settings, key)
    ? sourceOf(settings[key], `the setting ${key}`)
    : cannotCarry(`it requires ${key}, which is not in the file`);
}

/** The field that holds a value, by the type of its setting. */
const FIELDS = ['b', 's', 'i', 'd'] as const;
const TYPES = ['boolean', 'string', 'number', 'number'] as const;

export function valueIn(holder: Source, setting: Source, name: string): Json {
  const value = valueFor(holder.v, setting);
  if (holder.v !== undefined && !isSource(holder.v)) {
    return cannotCarry(
      `${name} has its value as config JSON of version 5 has it; ConfigCat's own CLI converts such files`,
    );
  }
  return value === undefined ? cannotCarry(`${name} has no value of the setting's type`) : value;
}

/** Undefined where there is none of the setting's type. */
export function valueFor(value: unknown, { t: type }: Source): Json | undefined {
  const field = typeof type === 'number' ? FIELDS[type] : undefined;
  if (field === undefined) return cannotCarry(`its type ${JSON.stringify(type)} is none of config JSON version 6`);
  const found = isSource(value) ? value[field] : undefined;
  return typeof found === TYPES[type as number] ? (found as Json) : undefined;
}

/** What shares are hashed by: a setting says it once for all of its percentage options. */
export function percentageAttributeOf({ a: attribute }: Source): string {
  return attribute === undefined || attribute === null ? 'Identifier' : textOf(attribute, 'its percentage attribute');
}
