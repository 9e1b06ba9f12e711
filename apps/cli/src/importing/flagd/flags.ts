import { type Condition, importedProblem, type Json } from '@spillway/evaluator';
import { ALWAYS, every } from '../conditions.ts';
import type { FractionalHash } from '../dialects.ts';
import { CannotCarry, cannotCarry, gather, type Imported, type ImportedFlag, type ImportedRule } from '../report.ts';
import { isSource, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import { typeOf, variantKey } from '../variants.ts';
import { attributeOf, operationOf, type Results, resultsOf } from './results.ts';

/** Definitions as flagd reads them: `{flags, $evaluators, metadata}`, flags by their keys or as a list of what has a `key`. */
export function importFlagd(file: unknown, hash: FractionalHash = 'v2'): Imported | undefined {
  if (!isSource(file) || !(isSource(file.flags) || Array.isArray(file.flags))) return undefined;
  const whole = withEvaluators(file);
  const flags = Array.isArray(whole.flags) ? byKey(whole.flags) : sourceOf(whole.flags, 'flags');
  const hasMetadata = isSource(whole.metadata);
  return gather(Object.keys(flags), (key) => translate(key, flags[key], { hasMetadata, hash }));
}

/** Flags of several sets may have one key in common; which of them was meant is not in the file. */
function byKey(list: readonly unknown[]): Source {
  const flags = new Map<string, unknown>();
  for (const flag of sourcesOf(list, 'flags')) {
    const key = textOf(flag.key, 'the key of a flag');
    flags.set(key, flags.has(key) ? undefined : flag);
  }
  return Object.fromEntries(flags);
}

const MAX_TEXT = 64 * 1_048_576;

/** Shared expressions are put into the text, in their order: one may refer to those that come after it. */
function withEvaluators(file: Source): Source {
  const { $evaluators: evaluators } = file;
  if (!evaluators) return file;
  let text = JSON.stringify(file);
  for (const [name, logic] of Object.entries(evaluators)) {
    const written = JSON.stringify(logic);
    text = text.replaceAll(`{"$ref":"${name}"}`, () => written);
    if (text.length > MAX_TEXT) return cannotCarry('its $evaluators come to too much where they are put in');
  }
  return JSON.parse(text);
}

interface Workshop {
  readonly key: string;
  /** The variants by their own names. */
  readonly variants: ReadonlyMap<string, { readonly name: string; readonly value: Json }>;
  readonly otherwise: string | undefined;
  readonly hash: FractionalHash;
  readonly notes: Set<string>;
}

function translate(
  key: string,
  value: unknown,
  { hasMetadata, hash }: { readonly hasMetadata: boolean; readonly hash: FractionalHash },
): { flag: ImportedFlag; notes: string[] } {
  if (value === undefined)
    return cannotCarry('several flags of the file have its key; import each set of flags by itself');
  const source = sourceOf(value, 'the flag');
  if (source.state !== 'ENABLED' && source.state !== 'DISABLED')
    return cannotCarry('its state is neither ENABLED nor DISABLED');
  const notes = new Set<string>();
  if (hasMetadata || isSource(source.metadata)) notes.add('its metadata is not carried');
  const variants = variantsOf(source.variants, notes);
  const workshop = { key, variants, otherwise: defaultOf(source.defaultVariant, variants), hash, notes };
  const rules =
    source.state === 'ENABLED' ? rulesOf(source.targeting, workshop) : disabledRules(source.targeting, workshop);
  const made = [...variants.values()];
  const last = rules.at(-1)?.when === ALWAYS ? rules.pop() : undefined;
  const off = variants.get(workshop.otherwise ?? '')?.name ?? made.at(-1)?.name ?? cannotCarry('it has no variants');
  return {
    flag: {
      type: typeOf(made.map((variant) => variant.value)),
      variants: made,
      all_environments: {
        enabled: true,
        off_variant: off,
        rules,
        fallthrough: last?.serve ?? { variant: off },
      },
    },
    notes: [...notes],
  };
}

function variantsOf(value: unknown, notes: Set<string>): Workshop['variants'] {
  const taken = new Set<string>();
  return new Map(
    Object.entries(sourceOf(value, 'variants')).map(([source, value]) => {
      const name = variantKey(source, taken);
      taken.add(name);
      if (name !== source) notes.add(`its variant ${source} is called ${name}`);
      return [source, { name, value: value as Json }];
    }),
  );
}

function defaultOf(value: unknown, variants: Workshop['variants']): string | undefined {
  if (!value) return undefined;
  if (typeof value === 'string' && variants.has(value)) return value;
  return cannotCarry(
    `its default variant ${JSON.stringify(value)} is none of its variants, for which flagd refuses the file`,
  );
}

function rulesOf(targeting: unknown, workshop: Workshop): ImportedRule[] {
  const isNone = !targeting || Object.keys(targeting).length === 0;
  if (!isNone && !isSource(targeting)) return cannotCarry('its targeting is not an object');
  // Flagd reads it as a whole, or not at all: a mistake in one branch keeps it from answering any.
  if (!isNone) test({ op: 'holds', logic: targeting as Json }, 'compiled', workshop);
  const leaves = isNone
    ? [{ when: ALWAYS, logic: null, as: 'compiled' } as const]
    : leavesOf(ALWAYS, targeting, 'compiled', workshop);
  if (!leaves.some(({ logic }) => canServe(logic, workshop))) {
    return cannotCarry(
      "neither its targeting nor a default variant gives anybody a value: callers' own defaults are served",
    );
  }
  return leaves.flatMap((leaf) => rulesOfLeaf(leaf, workshop));
}

/**
 * A flag that is disabled leaves everybody to the callers' own default, which no variant is: a rule before all others fails,
 * as answering nothing does. The others are kept for when it is enabled, if they can be.
 */
function disabledRules(targeting: unknown, workshop: Workshop): ImportedRule[] {
  const { variants, notes } = workshop;
  notes.add('it is disabled: callers have their own default, as an error, until the first of its rules is taken out');
  const [first] = variants.values();
  const fails = { op: 'answers', logic: null, variant: '', variants: [], nothing: 'fails' };
  const rule = {
    when: test(fails, 'compiled', workshop),
    serve: { variant: first?.name ?? cannotCarry('it has no variants') },
  };
  try {
    return [rule, ...rulesOf(targeting, workshop)];
  } catch (error) {
    if (!(error instanceof CannotCarry)) throw error;
    notes.add(`it is disabled, and its targeting is not carried: ${error.message}`);
    return [rule];
  }
}

function canServe(logic: unknown, { variants, otherwise }: Workshop): boolean {
  const { names, canBeNothing, isOpen } = resultsOf(logic);
  return isOpen || [...names].some((name) => variants.has(name)) || (canBeNothing && otherwise !== undefined);
}

type As = 'compiled' | 'interpreted';

/** What is answered when a condition holds and none of those before it did. */
interface Leaf {
  readonly when: Condition;
  readonly logic: unknown;
  readonly as: As;
}

/** Takes `if`s apart into rules; flagd interprets one that has no else, with all that stands in it. */
function leavesOf(when: Condition, logic: unknown, as: As, workshop: Workshop): readonly Leaf[] {
  const [name, input] = operationOf(logic) ?? [];
  if (name !== 'if' || !Array.isArray(input) || Object.keys(logic as object).length > 1) return [{ when, logic, as }];
  const inside = input.length < 3 ? 'interpreted' : as;
  const leaves: Leaf[] = [];
  let at = 0;
  for (; at + 1 < input.length; at += 2) {
    const holds = test({ op: 'holds', logic: input[at] }, inside, workshop);
    leaves.push(...leavesOf(every([when, holds]), input[at + 1], inside, workshop));
  }
  return [...leaves, ...leavesOf(when, at < input.length ? input[at] : null, inside, workshop)];
}

function rulesOfLeaf({ when, logic, as }: Leaf, workshop: Workshop): readonly ImportedRule[] {
  const { variants, otherwise } = workshop;
  const results = resultsOf(logic);
  const serve = (name: string) => ({ variant: variants.get(name)?.name ?? name });
  const isWritten = typeof logic !== 'object' || logic === null;
  const written = logic === null ? otherwise : String(logic);
  if (isWritten && written !== undefined && variants.has(written)) return [{ when, serve: serve(written) }];
  noteOwnDefaults(results, workshop);
  const named = results.isOpen ? [...variants.keys()] : [...results.names].filter((name) => variants.has(name));
  // Even where none can be answered one is asked for: an answer that is no variant fails then, and asks no further.
  const asked = named.length > 0 ? named : [...variants.keys()].slice(0, 1);
  const rules = asked.map((variant) => ({
    when: every([when, answerTest({ logic, variant, variants: named }, as, workshop)]),
    serve: serve(variant),
  }));
  if (!results.canBeNothing || otherwise === undefined) return rules;
  return [...rules, { when, serve: serve(otherwise) }];
}

function noteOwnDefaults({ names, canBeNothing, isOpen }: Results, { variants, otherwise, notes }: Workshop): void {
  const unknown = [...names].find((name) => !variants.has(name));
  if (unknown !== undefined) {
    notes.add(
      `where its targeting answers ${JSON.stringify(unknown)}, which is no variant, callers have their own default`,
    );
  }
  if (canBeNothing && otherwise === undefined) {
    notes.add('it has no default variant: where its targeting answers nothing, callers have their own default');
  }
  if (isOpen) {
    notes.add(
      'what its targeting answers is taken from the context: a name that no variant has leaves callers to their own default',
    );
  }
}

/** An answer that is none of `variants` fails. */
function answerTest(
  { logic, variant, variants }: { logic: unknown; variant: string; variants: readonly string[] },
  as: As,
  workshop: Workshop,
): Condition {
  const nothing = workshop.otherwise === undefined ? { nothing: 'fails' } : {};
  return test({ op: 'answers', logic: logic as Json, variant, variants, ...nothing }, as, workshop);
}

function test(written: Readonly<Record<string, Json>>, as: As, { key, hash }: Workshop): Condition {
  const values = ['flagd', { ...written, flag: key, as, ...(hash === 'v2' ? {} : { hash }) }] as const;
  const problem = importedProblem(values);
  if (problem !== undefined) return cannotCarry(`its targeting cannot be carried: ${problem}`);
  return { attribute: attributeOf(written.logic), operator: 'imported', values };
}
