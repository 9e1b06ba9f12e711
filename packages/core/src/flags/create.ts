import { refuseProblems } from '../problems.ts';
import type { FieldProblem, Outcome } from '../refusal.ts';
import type { Flag } from './flag.ts';
import type { NewFlag } from './input.ts';
import { isPrepared, prepareFlag } from './kinds.ts';
import { normaliseFlag } from './normalise.ts';
import type { Normalising } from './normalise-state.ts';

/** The whole flag that a person's new flag stands for, prepared for what it is for. Refuses as `normaliseFlag` does. */
export function createFlag(input: NewFlag, around: Normalising): Outcome<Flag> {
  const outcome = normaliseFlag(prepareFlag(input, around.environments), undefined, around);
  if (outcome.ok || input.strategy === undefined) return outcome;
  const fields = onceEach((outcome.refusal.fields ?? []).map((problem) => inWhatWasSent(problem, input)));
  const [first] = fields;
  return first === undefined ? outcome : refuseProblems(fields, first, 'The flag');
}

/** What is wrong with the strategy shows in every environment that it was prepared for. */
function inWhatWasSent({ field, message }: FieldProblem, input: NewFlag): FieldProblem {
  const [, section, environment, part, ...deeper] = field.split('/');
  const prepared = section === 'environments' && environment !== undefined && isPrepared(input, environment);
  if (!prepared) return { field, message };
  return part === 'strategy' ? { field: ['/strategy', ...deeper].join('/'), message } : { field, message };
}

function onceEach(problems: readonly FieldProblem[]): readonly FieldProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.field}\n${problem.message}`, problem])).values()];
}
