import { ownContext } from '../conditions/attributes.ts';
import type { BoundFlag, Configuration } from '../configuration.ts';
import { evaluateFlag } from '../evaluate.ts';
import type { Evaluation, EvaluationContext } from '../evaluation.ts';
import { answerOf } from '../flags/answers.ts';
import { BROKEN } from '../flags/flag-form.ts';
import type { Column, PlacedFlag, RuleGroup, SharedTest } from './bulk-plan.ts';
import { planOf } from './plan.ts';

/** Every flag's answer, all from one configuration; the value of those in error is null. */
export function evaluateAll(configuration: Configuration, context: EvaluationContext, now: number): Evaluation[] {
  configuration.bulk ??= planOf(configuration.flags);
  const { bulk } = configuration;
  bulk.pass += 1;
  const { pass, settled, groups, alone } = bulk;
  const answers = settled.slice() as Evaluation[];
  for (const group of groups) {
    if (!answerGroup(group, context, now, pass, answers)) answerAlone(group.flags, context, now, answers);
  }
  answerAlone(alone, context, now, answers);
  return answers;
}

function answerAlone(
  flags: readonly PlacedFlag[],
  context: EvaluationContext,
  now: number,
  answers: Evaluation[],
): void {
  for (const { at, flag } of flags) answers[at] = evaluateFlag(flag, context, now, null);
}

/** False when the context cannot be read: each flag by itself tells why. */
function answerGroup(
  { tests, flags, columns }: RuleGroup,
  given: EvaluationContext,
  now: number,
  pass: number,
  answers: Evaluation[],
): boolean {
  try {
    const context = ownContext(given);
    if (context === undefined) return false;
    let rule = 0;
    for (const shared of tests) {
      if (holds(shared, context, now, pass)) break;
      rule += 1;
    }
    const column = columns[rule];
    if (column === undefined) return false;
    let index = 0;
    for (const { at, flag } of flags) {
      answers[at] = column.answers[index] ?? answerIn(column, index, flag, context, now);
      index += 1;
    }
    return true;
  } catch {
    return false;
  }
}

function holds(shared: SharedTest, context: EvaluationContext, now: number, pass: number): boolean {
  if (shared.pass !== pass) {
    shared.held = shared.test(context, now);
    shared.pass = pass;
  }
  return shared.held;
}

function answerIn(column: Column, index: number, flag: BoundFlag, context: EvaluationContext, now: number): Evaluation {
  const decide = column.decides[index];
  if (decide !== undefined) {
    const decision = decide(context, now);
    return flag.answers[decision] ?? answerOf(flag, decision, null);
  }
  const outcome = column.fixed[index] ?? BROKEN;
  const answer = flag.answers[outcome] ?? answerOf(flag, outcome, null);
  column.answers[index] = answer;
  return answer;
}
