import type { Evaluation } from '@spillway/evaluator';

const texts = new WeakMap<object, string>();

/**
 * An answer as JSON. The evaluator makes each answer that a flag can give once, frozen, and gives it again and again, so its
 * text is made once too; an answer of its own kind, with a trace or an error, is not kept.
 */
export function evaluationText(evaluation: Evaluation): string {
  const known = texts.get(evaluation);
  if (known !== undefined) return known;
  const text = JSON.stringify(evaluation);
  if (Object.isFrozen(evaluation)) texts.set(evaluation, text);
  return text;
}

export function evaluationsText(configuration: number, evaluations: readonly Evaluation[]): string {
  let text = `{"configuration":${configuration},"evaluations":[`;
  for (let index = 0; index < evaluations.length; index++) {
    const evaluation = evaluations[index];
    if (evaluation !== undefined) text += index === 0 ? evaluationText(evaluation) : `,${evaluationText(evaluation)}`;
  }
  return `${text}]}`;
}
