import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { EvaluationContext } from '@spillway/evaluator';
import { createAnswer, lineError, type Question } from './answers.ts';
import { LineReader, type Lines } from './line-reader.ts';

export interface Evaluated {
  readonly contexts: number;
  readonly bad: number;
  /** The number of the first line that holds no context. */
  readonly firstBad: number | undefined;
}

/**
 * One answer per line of JSON, in order. Blank lines are passed over; a line that is no context is answered with an
 * error, and what follows is not touched by it. Works a chunk at a time: one promise for thousands of lines.
 */
export async function evaluateLines(
  question: Question,
  input: AsyncIterable<Buffer>,
  output: Writable,
): Promise<Evaluated> {
  const answer = createAnswer(question);
  const { translate = (context) => context } = question;
  const reader = new LineReader();
  let line = 0;
  let contexts = 0;
  let bad = 0;
  let firstBad: number | undefined;

  function refuse(problem: string): string {
    bad += 1;
    firstBad ??= line;
    return `${lineError(question, line, problem)}\n`;
  }

  function answerAll(found: readonly Lines[]): string {
    let all = '';
    for (const lines of found) {
      if (lines.is === 'unreadable') {
        line += 1;
        all += refuse(lines.problem);
        continue;
      }
      const { text } = lines;
      let start = line === 0 && text.startsWith('\uFEFF') ? 1 : 0;
      for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
        line += 1;
        const parsed = parse(text.slice(start, end));
        const context = typeof parsed === 'object' ? translate(parsed) : parsed;
        start = end + 1;
        if (typeof context === 'string') all += refuse(context);
        else if (context !== undefined) {
          contexts += 1;
          all += answer(context);
          all += '\n';
        }
      }
    }
    return all;
  }

  const write = async (text: string): Promise<void> => {
    if (text !== '' && !output.write(text)) await once(output, 'drain');
  };
  for await (const chunk of input) await write(answerAll(reader.push(chunk)));
  await write(answerAll(reader.end()));
  return { contexts, bad, firstBad };
}

/** The context; undefined for a blank line; what is wrong with any other. */
function parse(text: string): EvaluationContext | string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as EvaluationContext;
    return `is not a context but ${Array.isArray(value) ? 'a list' : JSON.stringify(value).slice(0, 40)}; write an object such as {"targetingKey":"user-1"}`;
  } catch (error) {
    if (text.trim() === '') return undefined;
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
