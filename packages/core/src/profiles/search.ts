import type { Comparison, Condition } from '@spillway/evaluator';
import { acceptUnless, collectProblems, enumerate, pointer } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import { parseAttribute } from '../wording/attributes.ts';

/** Which profiles are looked for; all that is said must hold. */
export interface ProfileSearch {
  readonly when?: Condition | undefined;
  /** Such as `plan=pro` or `organisation->plan=pro`. */
  readonly attributes?: readonly string[] | undefined;
  /** Their keys. */
  readonly segments?: readonly string[] | undefined;
}

/** The search as one condition; undefined when it lets everybody through. `known` are the segments there are. */
export function searchCondition(
  { when, attributes = [], segments = [] }: ProfileSearch,
  known: ReadonlySet<string>,
): Outcome<Condition | undefined> {
  const problems = collectProblems();
  const asked: Condition[] = when === undefined ? [] : [when];
  attributes.forEach((text, index) => {
    const condition = attributeCondition(text);
    if (condition !== undefined) asked.push(condition);
    else problems.report(pointer('/attributes', index), 'must be like plan=pro, or organisation->plan=pro');
  });
  segments.forEach((segment, index) => {
    if (known.has(segment)) asked.push({ segment });
    else
      problems.report(pointer('/segments', index), `names the unknown segment ${segment}; known: ${enumerate(known)}`);
  });
  const [first] = asked;
  return acceptUnless(problems, 'The search', asked.length > 1 ? { all: asked } : first);
}

/** `plan=pro` as a condition; undefined when it names no attribute. */
function attributeCondition(text: string): Comparison | undefined {
  const cut = text.indexOf('=');
  const place = cut === -1 ? undefined : parseAttribute(text.slice(0, cut));
  return place && { ...place, operator: 'in', values: valuesOf(text.slice(cut + 1)) };
}

/** What a text may mean that nobody put in quotes: `30` is asked for as text and as a number. */
function valuesOf(text: string): Comparison['values'] {
  const read = readScalar(text);
  return read === undefined ? [text] : [text, read];
}

function readScalar(text: string): string | number | boolean | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
  } catch {
    return undefined;
  }
}
