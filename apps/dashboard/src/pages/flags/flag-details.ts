import type { CallInput } from '@spillway/contract';
import type { Json } from '@spillway/evaluator';
import type { Flag } from '../../documents.ts';
import { jsonDifference, sameJson } from '../../ui/json-difference.ts';

/** Everything about a flag that does not belong to one environment, and can be changed. */
export type Details = Pick<Flag, (typeof FIELDS)[number]>;

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

/** Those that change what applications are answered, so that protected environments want a reason. */
const FELT: ReadonlySet<keyof Details> = new Set(['services', 'variants', 'parent', 'target_environments']);

export function detailsOf(flag: Flag): Details {
  const entries = FIELDS.flatMap((field) => (flag[field] === undefined ? [] : [[field, flag[field]]]));
  return Object.fromEntries(entries) as Details;
}

export function changedDetails(before: Details, after: Details): readonly (keyof Details)[] {
  return FIELDS.filter((field) => !sameJson(before[field] as Json, after[field] as Json));
}

export function isFelt(before: Details, after: Details): boolean {
  return changedDetails(before, after).some((field) => FELT.has(field));
}

/** The difference in words, variants one by one. */
export function detailChanges(before: Details, after: Details) {
  return changedDetails(before, after).flatMap((field) => {
    if (field === 'variants') return variantChanges(before, after);
    const [was, is] = [textOf(before[field]), textOf(after[field])];
    return [{ name: NAMES[field], ...(was === '' ? {} : { before: was }), ...(is === '' ? {} : { after: is }) }];
  });
}

function variantChanges(before: Details, after: Details) {
  const byName = ({ variants }: Details) => Object.fromEntries(variants.map(({ name, value }) => [name, value]));
  const changes = jsonDifference(byName(before), byName(after));
  const order = ({ variants }: Details) => variants.map(({ name }) => name).join(', ');
  if (changes.length === 0) return [{ name: 'Order of variants', before: order(before), after: order(after) }];
  return changes.map(({ path, before: was, after: is }) => ({
    name: `Variant ${path}`,
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

/** The whole flag as it is sent, with other details. */
export function inputOf(flag: Flag, details: Details): CallInput<'replaceFlag'>['body'] {
  const { key, type, environments, managed_by: managedBy } = flag;
  return {
    key,
    type,
    ...details,
    environments,
    ...(managedBy === undefined ? {} : { managed_by: managedBy }),
  };
}
