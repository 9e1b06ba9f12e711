import { WHOLE_BODY } from '../body/read.ts';
import { RequestRefused } from '../problem.ts';

/** Of one line or record, so that text without line ends does not fill the memory. */
export const MAX_LINE_CHARACTERS = 16_384;

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** The lines of a text that comes in pieces, some at a time, without their ends; `\n` or `\r\n`. A leading byte order mark is left out. */
export async function* linesOf(
  pieces: AsyncIterable<string>,
  longest: number = MAX_LINE_CHARACTERS,
): AsyncGenerator<readonly Line[]> {
  let rest = '';
  let number = 0;
  let first = true;
  for await (const piece of pieces) {
    const text = rest + (first && piece.startsWith('\ufeff') ? piece.slice(1) : piece);
    if (piece !== '') first = false;
    const lines: Line[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      number += 1;
      const line =
        text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > start
          ? text.slice(start, end - 1)
          : text.slice(start, end);
      if (line.length > longest) throw lineTooLong(number, longest);
      lines.push({ number, text: line });
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > longest) throw lineTooLong(number + 1, longest);
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [{ number: number + 1, text: rest.endsWith('\r') ? rest.slice(0, -1) : rest }];
}

const CARRIAGE_RETURN = 13;

export function lineRefused(line: number, problem: string, outcome = 'Nothing was changed.'): RequestRefused {
  return new RequestRefused('malformed', `Line ${line} ${problem}. ${outcome}`, {
    fields: [{ field: WHOLE_BODY, message: `line ${line} ${problem}` }],
    details: { line },
  });
}

function lineTooLong(line: number, longest: number): RequestRefused {
  return lineRefused(line, `is longer than ${longest} characters`);
}
