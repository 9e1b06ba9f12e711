import { unitPatternProblem } from '@spillway/evaluator';
import { cannotCarry } from './report.ts';

/** The pattern, or undefined for what is none, which matches nothing; refused where SDKs of several languages would disagree. */
export function readPattern(pattern: string): string | undefined {
  if (!isPattern(pattern)) {
    return EXTENDED.test(pattern)
      ? cannotCarry(`the pattern ${pattern} is one in some languages only, so that SDKs answer differently`)
      : undefined;
  }
  const problem = unitPatternProblem(pattern);
  return problem === undefined ? pattern : cannotCarry(`the pattern ${pattern} cannot be used here: ${problem}`);
}

/** Inline flags, other spellings of named groups, atomic groups, possessive repetition: none is ECMAScript's. */
const EXTENDED = /\(\?(?:[a-zA-Z^-]+[:)]|P[<=>]|>|#)|[*+?}]\+/;

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
