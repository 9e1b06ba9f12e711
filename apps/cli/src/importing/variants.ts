import type { Json } from '@spillway/evaluator';
import type { ImportedFlag } from './report.ts';

export interface Variants {
  readonly nameOf: (value: Json) => string;
  readonly list: () => readonly { readonly name: string; readonly value: Json }[];
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,31}$/;

/** One variant for each value, called as the value is where that can be a name. */
export function createVariants(): Variants {
  const names = new Map<string, { name: string; value: Json }>();
  return {
    list: () => [...names.values()],
    nameOf: (value) => {
      const text = JSON.stringify(value);
      const known = names.get(text);
      if (known !== undefined) return known.name;
      const taken = new Set([...names.values()].map(({ name }) => name));
      const plain = typeof value === 'object' && value !== null ? '' : String(value);
      const name = NAME.test(plain) && !taken.has(plain) ? plain : unused(taken);
      names.set(text, { name, value });
      return name;
    },
  };
}

function unused(taken: ReadonlySet<string>): string {
  let number = taken.size + 1;
  while (taken.has(`value-${number}`)) number += 1;
  return `value-${number}`;
}

export function typeOf(values: readonly Json[]): ImportedFlag['type'] {
  const [first] = values;
  const type = typeof first;
  if (type !== 'boolean' && type !== 'string' && type !== 'number') return 'json';
  return values.every((value) => typeof value === type) ? type : 'json';
}

const MAX_LENGTH = 100;

/** A variant's name as a key that is not taken yet: lower-case, other characters as hyphens, a number if need be. */
export function variantKey(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, MAX_LENGTH);
  const wanted = plain === '' ? 'variant' : plain;
  let key = wanted;
  for (let count = 2; taken.has(key); count += 1) key = `${wanted}-${count}`;
  return key;
}
