import type { Evaluation } from '@spillway/evaluator';
import { remembering } from '../remembering.ts';

/** An answer as JSON. */
export const evaluationText = remembering((evaluation) => JSON.stringify(evaluation));

export function evaluationsText(configuration: number, evaluations: readonly Evaluation[]): string {
  let text = `{"configuration":${configuration},"evaluations":[`;
  for (let index = 0; index < evaluations.length; index++) {
    const evaluation = evaluations[index];
    if (evaluation !== undefined) text += index === 0 ? evaluationText(evaluation) : `,${evaluationText(evaluation)}`;
  }
  return `${text}]}`;
}
