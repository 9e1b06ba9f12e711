import { type Configuration, type Evaluation, type EvaluationContext, evaluate, type Json } from '@spillway/evaluator';
import { type ShareEstimate, share95 } from './share.ts';

export const MAX_EXAMPLES = 20;
/** Different transitions that are told apart; a flag has no more variants than make fewer of them in practice. */
export const MAX_TRANSITIONS = 100;

/** What a context gets; null for an answer that is none of the flag's variants. */
export interface PreviewedAnswer {
  readonly variant: string | null;
  readonly value: Json;
}

export interface Transition {
  readonly from: PreviewedAnswer;
  readonly to: PreviewedAnswer;
  readonly count: number;
}

export interface PreviewExample {
  readonly context: EvaluationContext;
  readonly from: PreviewedAnswer;
  readonly to: PreviewedAnswer;
}

/** What a change would do to the contexts it was tried on. */
export interface Preview {
  readonly contexts: number;
  readonly changed: number;
  /** Of all contexts like these, the share that would get something else. */
  readonly share: ShareEstimate;
  /** The most frequent first. */
  readonly transitions: readonly Transition[];
  readonly examples: readonly PreviewExample[];
}

export interface Comparison {
  /** Asks both configurations; whether their answers differ. */
  try(context: EvaluationContext): boolean;
  result(): Preview;
}

/** Compares what one flag answers before and after a change, context by context, all at one moment. */
export function compareFlag(flag: string, before: Configuration, after: Configuration, now: number): Comparison {
  const transitions = new Map<string, { from: PreviewedAnswer; to: PreviewedAnswer; count: number }>();
  const examples: PreviewExample[] = [];
  let contexts = 0;
  let changed = 0;
  const ask = createAsk();
  return {
    try(context) {
      contexts += 1;
      const { answer: from, id: was } = ask(evaluate(before, flag, context, now, null));
      const { answer: to, id: is } = ask(evaluate(after, flag, context, now, null));
      if (was === is) return false;
      changed += 1;
      const id = `${was} ${is}`;
      const known = transitions.get(id);
      if (known !== undefined) known.count += 1;
      else if (transitions.size < MAX_TRANSITIONS) transitions.set(id, { from, to, count: 1 });
      if (examples.length < MAX_EXAMPLES) examples.push({ context, from, to });
      return true;
    },
    result: () => ({
      contexts,
      changed,
      share: share95(changed, contexts),
      transitions: [...transitions.values()].sort((one, other) => other.count - one.count),
      examples: [...examples],
    }),
  };
}

interface Identified {
  readonly answer: PreviewedAnswer;
  /** The same for equal answers, whichever configuration gave them. */
  readonly id: number;
}

/** Values may be long, and are the same for all who get a variant: each is written out once, not once a context. */
function createAsk(): (evaluation: Evaluation) => Identified {
  const ids = new Map<string, number>();
  const known = new Map<Evaluation, Identified>();
  return (evaluation) => {
    const found = known.get(evaluation);
    if (found !== undefined) return found;
    const { variant = null, value, reason } = evaluation;
    const answer = { variant, value };
    const text = JSON.stringify(answer);
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    // The evaluator shares its answers between contexts, but for errors.
    if (reason !== 'ERROR') known.set(evaluation, { answer, id });
    return { answer, id };
  };
}
