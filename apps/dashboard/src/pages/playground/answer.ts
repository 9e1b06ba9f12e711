import type { CallOutput } from '@spillway/contract';

/** An evaluation in OpenFeature's terms, with its trace when that was asked for. */
export type Answer = CallOutput<'evaluateFlag'>;

export function valueText(answer: Pick<Answer, 'value'>): string {
  return answer.value === undefined || answer.value === null
    ? 'the application’s default'
    : JSON.stringify(answer.value);
}
