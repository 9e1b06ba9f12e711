import {
  type Configuration,
  type Evaluation,
  type EvaluationContext,
  evaluate,
  evaluateAll,
  explain,
  type Json,
} from '@spillway/evaluator';

/** What is asked of every context. */
export interface Question {
  readonly configuration: Configuration;
  /** The moment that schedules are asked about, the same for all. */
  readonly now: number;
  /** One flag, several, or all there are. */
  readonly flags: { readonly one: string } | { readonly some: readonly string[] } | 'all';
  readonly trace: boolean;
  /** Makes a context of what another product calls one; or says what is wrong with it. */
  readonly translate?: (context: EvaluationContext) => EvaluationContext | string;
}

/** Answers a context with JSON text. */
export type Answer = (context: EvaluationContext) => string;

/** The same text as the API would answer with, put together once for each answer that the evaluator shares. */
export function createAnswer(question: Question): Answer {
  const { configuration, now, flags } = question;
  const text = question.trace ? JSON.stringify : createTexts();
  const one = (key: string, context: EvaluationContext): Evaluation =>
    question.trace
      ? explained(explain(configuration, key, context, now, null))
      : evaluate(configuration, key, context, now, null);
  if (flags !== 'all' && 'one' in flags) {
    const key = flags.one;
    return question.trace
      ? (context) => text(one(key, context))
      : (context) => text(evaluate(configuration, key, context, now, null));
  }
  const keys = flags === 'all' ? [...configuration.flags.keys()] : flags.some;
  const frame = `{"configuration":${configuration.number},"evaluations":[`;
  return (context) => {
    const answers =
      flags === 'all' && !question.trace
        ? evaluateAll(configuration, context, now)
        : keys.map((key) => one(key, context));
    let all = frame;
    for (let index = 0; index < answers.length; index += 1) {
      if (index > 0) all += ',';
      all += text(answers[index] as Evaluation);
    }
    return `${all}]}`;
  };
}

function explained({ evaluation, trace }: ReturnType<typeof explain>): Evaluation {
  return { ...evaluation, trace } as Evaluation;
}

/** Answers without errors are made once by the evaluator and shared, so there are few of them. */
function createTexts(): (evaluation: Evaluation) => string {
  const texts = new Map<Evaluation, string>();
  return (evaluation) => {
    const known = texts.get(evaluation);
    if (known !== undefined) return known;
    const text = JSON.stringify(evaluation);
    if (evaluation.reason !== 'ERROR') texts.set(evaluation, text);
    return text;
  };
}

/** In place of the answers for a line that holds no context. */
export function lineError(question: Question, line: number, problem: string): string {
  const { flags, configuration } = question;
  const error = {
    line,
    value: null,
    reason: 'ERROR',
    errorCode: 'INVALID_CONTEXT',
    errorMessage: `line ${line} ${problem}`,
    flagMetadata: { configuration: configuration.number },
  } satisfies Readonly<Record<string, Json>>;
  return JSON.stringify(flags !== 'all' && 'one' in flags ? { flagKey: flags.one, ...error } : error);
}
