import type { Condition } from '@spillway/evaluator';
import { isKey } from '../key.ts';
import { own } from '../own.ts';
import { pathBetween } from '../path-between.ts';
import { enumerate, type Problems, pointer } from '../problems.ts';
import { eachLeafAt } from './condition-places.ts';
import type { Flag } from './flag.ts';

/** The flags of the project, by key. */
export type KnownFlags = ReadonlyMap<string, Flag>;

/** How many evaluations one flag may come to when each prerequisite is written out; evaluators refuse more. */
const MAX_REQUIREMENT_WEIGHT = 256;

/** What another flag must be, or serve, for this one. */
export interface Requirement {
  readonly flag: string;
  /** Absent for the parent, of which anything but the off variant will do. */
  readonly variants?: readonly string[];
  /** Where it stands, relative to the flag. */
  readonly field: string;
}

/** What a flag requires in an environment, before its rules and in them. */
export function requirementsOf(flag: Flag, environment: string): readonly Requirement[] {
  const base = pointer('/environments', environment, 'prerequisites');
  const { prerequisites = [], rules = [] } = own(flag.environments, environment) ?? {};
  return [
    ...(flag.parent === undefined ? [] : [{ flag: flag.parent, field: '/parent' }]),
    ...prerequisites.map(({ flag: key, variants }, index) => ({ flag: key, variants, field: pointer(base, index) })),
    ...rules.flatMap(({ when }, index) => asksOf(when, pointer('/environments', environment, 'rules', index, 'when'))),
  ];
}

function asksOf(when: Condition, base: string): readonly Requirement[] {
  const found: Requirement[] = [];
  eachLeafAt(when, base, (leaf, field) => {
    if (!('segment' in leaf) && 'flag' in leaf) found.push({ flag: leaf.flag, variants: leaf.variants, field });
  });
  return found;
}

/** What is being written: where its states stand in the request, and in which environments it is looked at. */
export interface RequirementPlace {
  readonly environments: Iterable<string>;
  /** From the place in the flag to that in the request. */
  readonly fieldOf: (field: string) => string;
}

/** Reports requirements that name what is not there, or lead back to the flag itself, each environment by itself. */
export function checkRequirements(flag: Flag, known: KnownFlags, place: RequirementPlace, problems: Problems): void {
  const reported = new Set<string>();
  const report = (field: string, message: string) => {
    if (reported.has(field)) return;
    reported.add(field);
    problems.report(place.fieldOf(field), message);
  };
  // Not a map of its own: whoever checks thousands of flags would copy all of them for each.
  const around = (key: string) => (key === flag.key ? flag : known.get(key));
  for (const environment of place.environments) {
    const required = requirementsOf(flag, environment);
    for (const requirement of required) checkRequirement(requirement, flag.key, known, report);
    checkCycles(flag, required, around, environment, report);
  }
}

type Report = (field: string, message: string) => void;

function checkRequirement(
  { flag: key, variants, field }: Requirement,
  itself: string,
  known: KnownFlags,
  report: Report,
): void {
  const where = variants === undefined ? field : pointer(field, 'flag');
  const flag = known.get(key);
  // Reported already, or found to lead back.
  if (!isKey(key) || key === itself) return;
  if (flag === undefined) {
    report(where, `names the unknown flag ${key}; create it first, or check the key`);
  } else if (flag.lifecycle === 'archived') {
    report(where, `names the flag ${key}, which is archived; bring it back first, or take it out here`);
  } else {
    const names = flag.variants.map(({ name }) => name);
    variants?.forEach((variant, index) => {
      if (names.includes(variant)) return;
      report(
        pointer(field, 'variants', index),
        `names the variant ${variant}, which ${key} does not have; its variants: ${enumerate(names)}`,
      );
    });
  }
}

function checkCycles(
  flag: Flag,
  required: readonly Requirement[],
  around: (key: string) => Flag | undefined,
  environment: string,
  report: Report,
): void {
  const next = (key: string) => {
    const found = around(key);
    return found === undefined ? [] : requirementsOf(found, environment).map((requirement) => requirement.flag);
  };
  let cyclic = false;
  for (const { flag: key, field, variants } of required) {
    const path = key === flag.key ? [key] : pathBetween(key, flag.key, next);
    if (path === undefined) continue;
    cyclic = true;
    const way = [flag.key, ...path].join(' → ');
    const where = variants === undefined ? field : pointer(field, 'flag');
    report(where, `leads back to ${flag.key} in ${environment} (${way}); take one of these links out`);
  }
  const [first] = required;
  if (!cyclic && first !== undefined && weightOf(flag.key, next) > MAX_REQUIREMENT_WEIGHT) {
    report(first.field, `comes to more than ${MAX_REQUIREMENT_WEIGHT} flags, written out; require fewer`);
  }
}

/** Counts no further than what is too much; what leads back to itself elsewhere is counted until then, and is too much. */
function weightOf(key: string, next: (key: string) => readonly string[]): number {
  let weight = 0;
  const ahead = [key];
  for (let at = ahead.pop(); at !== undefined && weight <= MAX_REQUIREMENT_WEIGHT; at = ahead.pop()) {
    weight += 1;
    ahead.push(...next(at));
  }
  return weight;
}
