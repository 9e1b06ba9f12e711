import { broken } from '../broken.ts';
import type { Test } from '../conditions/operators.ts';
import type { Json } from '../json.ts';
import { listOf, textOf, textsOf } from './fields.ts';
import type { Written } from './imported.ts';
import { compiled } from './json-logic/compiled.ts';
import { interpreted } from './json-logic/interpreted.ts';
import { type FractionalHash, isTrue, MAX_DEPTH } from './json-logic/node.ts';

/**
 * A JsonLogic expression of flagd's, asked whether it holds, `{op: "holds", flag, logic, as}`, or whether it answers a
 * variant: `{op: "answers", flag, logic, as, variant, variants}`, null for the default one. `as` tells how flagd's engine
 * runs it: "compiled", or "interpreted" for what stands in an `if` without an else; `hash` which generation of
 * `fractional` it was written for. An expression that fails, answers none of `variants`, or with `nothing: "fails"` comes
 * to nothing, throws: then callers have their own default, as they have with flagd.
 */
export function flagdTest(written: Written): Test {
  const flagKey = textOf(written.flag, 'flag');
  const logic = written.logic ?? null;
  if (depthOf(logic) > MAX_DEPTH) return broken(`an expression nests more than ${MAX_DEPTH} deep`);
  const run = written.as === 'interpreted' ? interpreted(logic) : compiled(logic);
  const hash = hashIn(written);
  const resultOf = (data: unknown, now: number) =>
    run({ data, flagd: { flagKey, timestamp: Math.floor(now / 1_000) }, hash, prev: undefined });
  const op = textOf(written.op, 'op');
  if (op === 'holds') return (context, now) => isTrue(resultOf(context, now));
  if (op !== 'answers') return broken(`the flagd test ${op} is not known`);
  const expected = written.variant ?? null;
  const variants = new Set(textsOf(listOf(written.variants, 'variants') as Json, 'variants'));
  return (context, now) => {
    const result = resultOf(context, now) ?? null;
    if (result === null && written.nothing === 'fails') throw new RangeError('the flag has no default variant');
    if (result === null) return expected === null;
    const name = String(result);
    if (!variants.has(name)) throw new RangeError(`the flag has no variant ${name}`);
    return name === expected;
  };
}

function hashIn({ hash = 'v2' }: Written): FractionalHash {
  return hash === 'v1' || hash === 'v2' || hash === 'v3' ? hash : broken('the generation of fractional is not known');
}

function depthOf(logic: unknown, depth = 1): number {
  if (typeof logic !== 'object' || logic === null || depth > MAX_DEPTH) return depth;
  return Object.values(logic).reduce<number>((deepest, part) => Math.max(deepest, depthOf(part, depth + 1)), depth);
}
