import { unitPatternProblem } from '@spillway/evaluator';
import { cannotCarry } from './report.ts';

/** The pattern, or undefined for what is none, which matches nothing; refused where SDKs of several languages would disagree. */
export function readPattern(pattern: string): string | undefined {
  const isOwn = isPattern(pattern);
  if (!isOwn && !EXTENDED.test(pattern)) return undefined;
  if (!isOwn) return disagreed(pattern, 'is one in some languages only');
  if (ELSEWHERE.test(pattern)) return disagreed(pattern, 'means something else in other languages');
  const problem = unitPatternProblem(pattern);
  return problem === undefined ? pattern : cannotCarry(`the pattern ${pattern} cannot be used here: ${problem}`);
}

function disagreed(pattern: string, why: string): never {
  return cannotCarry(`the pattern ${pattern} ${why}, so that SDKs answer differently`);
}

/** A set of nothing or of all, a class of POSIX inside one, an intersection. */
const ELSEWHERE = /\[\^?\]|\[[^\]]*(?:\[:|&&)/;

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
