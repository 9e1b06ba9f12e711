import type { Json } from '@spillway/evaluator';
import { isSameJson } from '@spillway/evaluator/canonical';
import { compare } from '../compare.ts';
import type { Flag } from '../flags/flag.ts';
import type { NamedChange } from './environment-changes.ts';

/** Everything about a flag that does not belong to one environment, and can be changed. */
export type Details = Pick<Flag, DetailField>;
export type DetailField = (typeof FIELDS)[number];

const FIELDS = [
  'description',
  'owner',
  'tags',
  'services',
  'kind',
  'variants',
  'value_schema',
  'permanent',
  'parent',
  'target_environments',
] as const;

const NAMES: Readonly<Record<(typeof FIELDS)[number], string>> = {
  description: 'Description',
  owner: 'Owner',
  tags: 'Tags',
  services: 'Stops with services',
  kind: 'Kind',
  variants: 'Variants',
  value_schema: 'Schema of values',
  permanent: 'Permanent',
  parent: 'Parent',
  target_environments: 'Only in environments',
};

export function detailsOf<F extends Flag>(flag: F): Pick<F, DetailField> {
  const entries = FIELDS.flatMap((field) => (flag[field] === undefined ? [] : [[field, flag[field]]]));
  return Object.fromEntries(entries) as Pick<F, DetailField>;
}

export function changedDetails(before: Details, after: Details): readonly (keyof Details)[] {
  return FIELDS.filter((field) => !isSameJson(before[field] as Json | undefined, after[field] as Json | undefined));
}

/** The difference in words, variants one by one. */
export function detailChanges(before: Details, after: Details): readonly NamedChange[] {
  return changedDetails(before, after).flatMap((field) => {
    if (field === 'variants') return variantChanges(before, after);
    const [was, is] = [textOf(before[field]), textOf(after[field])];
    return [{ name: NAMES[field], ...(was === '' ? {} : { before: was }), ...(is === '' ? {} : { after: is }) }];
  });
}

function variantChanges(before: Details, after: Details): readonly NamedChange[] {
  const byName = ({ variants }: Details) => Object.fromEntries(variants.map(({ name, value }) => [name, value]));
  const changes = compare(byName(before), byName(after));
  const order = ({ variants }: Details) => variants.map(({ name }) => name).join(', ');
  if (changes.length === 0) return [{ name: 'Order of variants', before: order(before), after: order(after) }];
  return changes.map(({ path, before: was, after: is }) => ({
    name: `Variant ${path.slice(1)}`,
    ...(was === undefined ? {} : { before: JSON.stringify(was) }),
    ...(is === undefined ? {} : { after: JSON.stringify(is) }),
  }));
}

function textOf(value: Details[keyof Details]): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(', ');
  return value === true ? 'yes' : JSON.stringify(value);
}
