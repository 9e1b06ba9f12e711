import { type Condition, importedProblem, type Json } from '@spillway/evaluator';
import { ALWAYS, every } from '../conditions.ts';
import { cannotCarry, gather, type Imported, type ImportedFlag, type ImportedRule } from '../report.ts';
import { isSource, type Source, sourceOf } from '../source.ts';
import { typeOf, variantKey } from '../variants.ts';
import { attributeOf, operationOf, resultsOf } from './results.ts';

/** Definitions as flagd reads them: `{flags, $evaluators, metadata}`. */
export function importFlagd(file: unknown): Imported | undefined {
  if (!isSource(file) || !isSource(file.flags)) return undefined;
  const whole = withEvaluators(file);
  const flags = sourceOf(whole.flags, 'flags');
  return gather(Object.keys(flags), (key) => translate(key, flags[key], isSource(whole.metadata)));
}

/** Shared expressions are put into the text, in their order: one may refer to those that come after it. */
function withEvaluators(file: Source): Source {
  const { $evaluators: evaluators } = file;
  if (!evaluators) return file;
  let text = JSON.stringify(file);
  for (const [name, logic] of Object.entries(evaluators))
    text = text.replaceAll(`{"$ref":"${name}"}`, JSON.stringify(logic));
  return JSON.parse(text);
}

interface Workshop {
  readonly key: string;
  /** The variants by their own names. */
  readonly variants: ReadonlyMap<string, { readonly name: string; readonly value: Json }>;
  readonly otherwise: string | undefined;
  readonly notes: Set<string>;
}

function translate(key: string, value: unknown, hasMetadata: boolean): { flag: ImportedFlag; notes: string[] } {
  const source = sourceOf(value, 'the flag');
  if (source.state === 'DISABLED') return cannotCarry("it is disabled, so that callers' own defaults are served");
  if (source.state !== 'ENABLED') return cannotCarry('its state is neither ENABLED nor DISABLED');
  const notes = new Set<string>();
  if (hasMetadata || isSource(source.metadata)) notes.add('its metadata is not carried');
  const variants = variantsOf(source.variants, notes);
  const workshop = { key, variants, otherwise: defaultOf(source.defaultVariant, variants), notes };
  const rules = rulesOf(source.targeting, workshop);
  const made = [...variants.values()];
  const last = rules.at(-1)?.when === ALWAYS ? rules.pop() : undefined;
  const off = variants.get(workshop.otherwise ?? '')?.name ?? made.at(-1)?.name ?? cannotCarry('it has no variants');
  return {
    flag: {
      type: typeOf(made.map((variant) => variant.value)),
      variants: made,
      all_environments: { enabled: true, off_variant: off, rules, fallthrough: last?.serve ?? { variant: off } },
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
  return leaves.flatMap((leaf) => rulesOfLeaf(leaf, workshop));
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
  const { variants, otherwise, notes } = workshop;
  const { names, canBeNothing, isOpen } = resultsOf(logic);
  const unknown = [...names].find((name) => !variants.has(name));
  if (unknown !== undefined) {
    return cannotCarry(`its targeting can answer ${JSON.stringify(unknown)}, which is none of its variants`);
  }
  if (canBeNothing && otherwise === undefined) {
    return cannotCarry(
      "it has no default variant, so that callers' own defaults are served where targeting answers nothing",
    );
  }
  const serve = (name: string) => ({ variant: variants.get(name)?.name ?? name });
  if (typeof logic !== 'object' || logic === null)
    return [{ when, serve: serve(logic === null ? (otherwise ?? '') : String(logic)) }];
  if (isOpen)
    notes.add(
      'what its targeting answers is taken from the context: a name that no variant has leaves callers to their own default',
    );
  const asked = isOpen ? [...variants.keys()] : [...names];
  const rules = asked.map((variant) => ({
    when: every([
      when,
      test({ op: 'answers', logic: logic as Json, variant, variants: [...variants.keys()] }, as, workshop),
    ]),
    serve: serve(variant),
  }));
  return canBeNothing ? [...rules, { when, serve: serve(otherwise ?? '') }] : rules;
}

function test(written: Readonly<Record<string, Json>>, as: As, { key }: Workshop): Condition {
  const values = ['flagd', { ...written, flag: key, as }] as const;
  const problem = importedProblem(values);
  if (problem !== undefined) return cannotCarry(`its targeting cannot be carried: ${problem}`);
  return { attribute: attributeOf(written.logic), operator: 'imported', values };
}
