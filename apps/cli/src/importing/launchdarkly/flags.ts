import type { Condition, Json, Prerequisite } from '@spillway/evaluator';
import {
  allOf,
  CannotCarry,
  cannotCarry,
  gather,
  type Imported,
  type ImportedFlag,
  type ImportedRule,
  spillwayKey,
} from '../report.ts';
import { isSource, numberOf, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import { typeOf } from '../variants.ts';
import { clausesOf, imported, listed, placeOf, type Segments, unknownOperatorsIn } from './conditions.ts';

/** A server-side payload: `{flags, segments}`, alone or as the `data` of a stream's event. */
export function importLaunchDarkly(file: unknown): Imported | undefined {
  const payload = isSource(file) && isSource(file.data) ? file.data : file;
  if (!isSource(payload) || !isSource(payload.flags)) return undefined;
  const { flags } = payload;
  const segments = isSource(payload.segments) ? payload.segments : {};
  const live = Object.keys(flags).filter((key) => !isSource(flags[key]) || flags[key].deleted !== true);
  return gather(live, (key) => translate(key, flags, segments));
}

const OFF = 'off';

function translate(key: string, flags: Source, segments: Segments): { flag: ImportedFlag; notes: string[] } {
  const source = sourceOf(flags[key], 'the flag');
  if (!Array.isArray(source.variations) || source.variations.length === 0) return cannotCarry('it has no variations');
  const variations = source.variations as readonly Json[];
  const notes: string[] = [];
  const required = prerequisitesOf(source, flags, [key]);
  const on = source.on === true && required !== 'never';
  if (required === 'never') notes.push('what it requires can never be met, so it is off');
  const prerequisites = required === 'never' ? [] : required;
  const rules = source.on === true ? rulesOf(key, source, segments) : restingRules(key, source, segments, notes);
  const last = rules.pop() ?? { when: { all: [] }, serve: { variant: nameOf(0) } };
  const variants = [
    ...variations.map((value, index) => ({ name: nameOf(index), value })),
    { name: OFF, value: offValue(source, variations, !on || prerequisites.length > 0, notes) },
  ];
  return {
    flag: {
      type: typeOf(variants.map(({ value }) => value)),
      variants,
      all_environments: {
        enabled: on,
        off_variant: OFF,
        ...(prerequisites.length === 0 ? {} : { prerequisites }),
        rules,
        fallthrough: last.serve,
      },
    },
    notes: [...notes, ...operatorNotes(source, segments)],
  };
}

function operatorNotes({ rules }: Source, segments: Segments): readonly string[] {
  const asksSegments = (JSON.stringify(rules) ?? '').includes('"op":"segmentMatch"');
  return unknownOperatorsIn(asksSegments ? [rules, segments] : rules).map(
    (operator) => `the operator ${operator} is unknown to LaunchDarkly and matches nothing`,
  );
}

/** A flag that is off keeps its rules for when it is switched on, if they can be kept. */
function restingRules(key: string, source: Source, segments: Segments, notes: string[]): ImportedRule[] {
  try {
    return rulesOf(key, source, segments);
  } catch (error) {
    if (!(error instanceof CannotCarry)) throw error;
    notes.push(`it is off, and its rules are not carried: ${error.message}`);
    return [];
  }
}

function nameOf(index: number): string {
  return `variation-${index}`;
}

/** A flag without an off variation hands out the caller's default, which a file cannot know. */
function offValue(source: Source, variations: readonly Json[], isReached: boolean, notes: string[]): Json {
  if (source.offVariation === undefined || source.offVariation === null) {
    if (isReached)
      return cannotCarry("it has no off variation, so that callers' own defaults are served when it is off");
    notes.push('it has no off variation: switched off, it serves its last variation');
    return variations.at(-1) ?? null;
  }
  return variations[variationOf(source.offVariation, variations.length)] ?? null;
}

function variationOf(value: unknown, count: number): number {
  const index = numberOf(value, 'a variation');
  return Number.isInteger(index) && index >= 0 && index < count ? index : cannotCarry(`it has no variation ${index}`);
}

/** In order: individual targets, rules, what all others get. */
function rulesOf(key: string, source: Source, segments: Segments): ImportedRule[] {
  const serving = { key, source, count: (source.variations as readonly Json[]).length };
  return [
    ...targetsOf(source, serving.count),
    ...sourcesOf(source.rules, 'rules').flatMap((rule) => served(clausesOf(rule.clauses, segments), rule, serving)),
    ...served({ all: [] }, sourceOf(source.fallthrough, 'fallthrough'), serving),
  ];
}

function targetsOf(source: Source, count: number): ImportedRule[] {
  const users = sourcesOf(source.targets, 'targets');
  const contexts = sourcesOf(source.contextTargets, 'contextTargets');
  const ordered =
    contexts.length === 0
      ? users
      : contexts.flatMap((target) => (isOfUsers(target) ? sameOf(users, target) : [target]));
  return ordered.map((target) => ({
    when: listed(target.contextKind, target.values),
    serve: { variant: nameOf(variationOf(target.variation, count)) },
  }));
}

function isOfUsers({ contextKind }: Source): boolean {
  return contextKind === undefined || contextKind === null || contextKind === '' || contextKind === 'user';
}

function sameOf(users: readonly Source[], { variation }: Source): Source[] {
  return users.filter((each) => each.variation === variation).slice(0, 1);
}

interface Serving {
  readonly key: string;
  readonly source: Source;
  readonly count: number;
}

/** A rollout is one rule for each of its parts but the last, each for who stands below its end. */
function served(when: Condition, from: Source, { key, source, count }: Serving): ImportedRule[] {
  if (typeof from.variation === 'number') {
    return [{ when, serve: { variant: nameOf(variationOf(from.variation, count)) } }];
  }
  const rollout = sourceOf(from.rollout, 'what a rule serves');
  const parts = sourcesOf(rollout.variations, 'the variations of a rollout');
  if (parts.length === 0) return cannotCarry('a rollout has no variations');
  const by = rollout.kind === 'experiment' ? 'key' : rollout.bucketBy || 'key';
  const { kind, path } = placeOf(by, rollout.contextKind, 'a rollout');
  const seed = rollout.seed
    ? String(Number(rollout.seed))
    : `${key}.${typeof source.salt === 'string' ? source.salt : ''}`;
  let below = 0;
  return parts.map((part, index): ImportedRule => {
    below += numberOf(part.weight, 'a weight') / 100_000;
    const share = index === parts.length - 1 ? [] : [imported({ op: 'bucket', kind, path, seed, below })];
    return { when: allOf([when, ...share]), serve: { variant: nameOf(variationOf(part.variation, count)) } };
  });
}

/** `never` when one cannot be met whatever happens here: it is not there, or is off and cannot be carried. */
function prerequisitesOf(source: Source, flags: Source, visited: readonly string[]): Prerequisite[] | 'never' {
  const found: Prerequisite[] = [];
  let isMet = true;
  for (const required of sourcesOf(source.prerequisites, 'prerequisites')) {
    const key = textOf(required.key, 'the key of a prerequisite');
    if (visited.includes(key)) return cannotCarry('its prerequisites lead back to it');
    const other = Object.hasOwn(flags, key) ? flags[key] : undefined;
    const requirement =
      isSource(other) && other.deleted !== true
        ? requirementOf(key, other, required.variation, flags, visited)
        : undefined;
    if (requirement === undefined) isMet = false;
    else found.push(requirement);
  }
  return isMet ? found : 'never';
}

/** A flag that is off meets nothing until it is switched on; one that is on and held back itself counts by its off variation. */
function requirementOf(
  key: string,
  other: Source,
  variation: unknown,
  flags: Source,
  visited: readonly string[],
): Prerequisite | undefined {
  if (other.on !== true) return restingRequirement(key, other, variation, flags, visited);
  const { variations } = other;
  const index = variationOf(variation, Array.isArray(variations) ? variations.length : 0);
  const own = prerequisitesOf(other, flags, [...visited, key]);
  const byOff = other.offVariation === index && own.length > 0;
  return { flag: spillwayKey(key), variants: byOff ? [nameOf(index), OFF] : [nameOf(index)] };
}

/** Undefined where the flag that is off will not be carried, or its own requirements lead in a circle. */
function restingRequirement(
  key: string,
  other: Source,
  variation: unknown,
  flags: Source,
  visited: readonly string[],
): Prerequisite | undefined {
  const { variations, offVariation } = other;
  if (offVariation === undefined || offVariation === null) return undefined;
  try {
    prerequisitesOf(other, flags, [...visited, key]);
    const index = variationOf(variation, Array.isArray(variations) ? variations.length : 0);
    variationOf(offVariation, Array.isArray(variations) ? variations.length : 0);
    return { flag: spillwayKey(key), variants: [nameOf(index)] };
  } catch (error) {
    if (error instanceof CannotCarry) return undefined;
    throw error;
  }
}
