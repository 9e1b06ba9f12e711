import { enumerate } from '../problems.ts';
import { accept, type Outcome, refuse } from '../refusal.ts';
import type { Flag } from './flag.ts';
import { requirementsOf } from './requirements.ts';

/** A flag that depends on another one, and how. */
export interface Dependant {
  readonly flag: string;
  /** Whether it is a child, which depends on its parent everywhere. */
  readonly child: boolean;
  /** Where it requires variants of it, before its rules or in them. */
  readonly environments: readonly string[];
  readonly variants: readonly string[];
}

/** The flags that depend on one, in the order of their keys. An archived flag is asked by nobody, so it needs nothing. */
export function dependantsOf(key: string, flags: Iterable<Flag>): readonly Dependant[] {
  const found: Dependant[] = [];
  for (const flag of flags) {
    if (flag.lifecycle === 'archived' || flag.key === key) continue;
    const environments: string[] = [];
    const variants = new Set<string>();
    for (const environment of Object.keys(flag.environments)) {
      const asking = requirementsOf(flag, environment).filter((one) => one.flag === key && one.variants !== undefined);
      if (asking.length > 0) environments.push(environment);
      for (const variant of asking.flatMap((one) => one.variants ?? [])) variants.add(variant);
    }
    const child = flag.parent === key;
    if (child || environments.length > 0) found.push({ flag: flag.key, child, environments, variants: [...variants] });
  }
  return found.sort((one, other) => (one.flag < other.flag ? -1 : 1));
}

/** What others depend on is neither archived nor deleted: they would quietly serve their off variant. */
export function checkNothingDepends(key: string, dependants: readonly Dependant[]): Outcome<void> {
  if (dependants.length === 0) return accept(undefined);
  const keys = dependants.map(({ flag }) => flag);
  return refuse(
    'in_use',
    `The flags ${enumerate(keys)} depend on ${key}. Take it out of their prerequisites, rules and parents first.`,
    { details: { flags: keys } },
  );
}

/** A variant that others require does not go either. */
export function checkVariantsKept({ key, variants }: Flag, dependants: readonly Dependant[]): Outcome<void> {
  const names = new Set(variants.map(({ name }) => name));
  const losing = dependants.filter((dependant) => dependant.variants.some((variant) => !names.has(variant)));
  if (losing.length === 0) return accept(undefined);
  const lost = [...new Set(losing.flatMap((dependant) => dependant.variants))].filter((variant) => !names.has(variant));
  const keys = losing.map(({ flag }) => flag);
  const message = `must keep ${enumerate(lost)}, which ${enumerate(keys)} require`;
  return refuse(
    'in_use',
    `The variants of ${key} ${message}. Change the prerequisites and rules there first, or leave the variants.`,
    { details: { flags: keys, variants: lost }, fields: [{ field: '/variants', message }] },
  );
}
