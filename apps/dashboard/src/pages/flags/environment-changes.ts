import type { Json } from '@spillway/evaluator';
import type { FlagEnvironment } from '../../documents.ts';
import { sameJson } from '../../ui/json-difference.ts';

const FIELDS = ['enabled', 'off_variant', 'prerequisites', 'targets', 'rules', 'fallthrough', 'bucketing'] as const;
export type EnvironmentField = (typeof FIELDS)[number];

export const FIELD_NAMES: Readonly<Record<EnvironmentField, string>> = {
  enabled: 'State',
  off_variant: 'When off',
  prerequisites: 'Prerequisites',
  targets: 'Individual targets',
  rules: 'Rules',
  fallthrough: 'Everyone else',
  bucketing: 'Bucketing',
};

export function changedFields(before: FlagEnvironment, after: FlagEnvironment): readonly EnvironmentField[] {
  return FIELDS.filter((field) => !sameJson(fieldOf(before, field), fieldOf(after, field)));
}

/** Having no prerequisites is saying none: what is left out of a request stays. */
function fieldOf(state: FlagEnvironment, field: EnvironmentField): Json {
  return (state[field] ?? []) as Json;
}

/** Only what differs, as the request that makes it so: what is left out stays. */
export function patchOf(before: FlagEnvironment, after: FlagEnvironment): Partial<FlagEnvironment> {
  return Object.fromEntries(changedFields(before, after).map((field) => [field, fieldOf(after, field)]));
}

/** My draft, made on `base`, put on top of what someone else saved: fields I did not touch are theirs. */
export function rebase(base: FlagEnvironment, draft: FlagEnvironment, current: FlagEnvironment): FlagEnvironment {
  return { ...current, ...patchOf(base, draft) };
}

/** Fields that both changed, to different things. */
export function collisions(
  base: FlagEnvironment,
  draft: FlagEnvironment,
  current: FlagEnvironment,
): readonly EnvironmentField[] {
  const theirs = new Set(changedFields(base, current));
  return changedFields(base, draft).filter(
    (field) => theirs.has(field) && !sameJson(fieldOf(draft, field), fieldOf(current, field)),
  );
}
