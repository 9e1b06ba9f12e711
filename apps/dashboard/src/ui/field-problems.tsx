import type { Problem } from '@spillway/contract';
import { Glyph } from './glyph.tsx';

/** What the server found wrong, by JSON pointer into what was sent. */
export type FieldProblem = NonNullable<Problem['errors']>[number];

/** The problems of the value at `pointer`, and of everything in it. */
export function problemsIn(problems: readonly FieldProblem[], pointer: string): readonly FieldProblem[] {
  return problems.filter(({ field }) => field === pointer || field.startsWith(`${pointer}/`));
}

/** The problems of what stands at `pointer`, their places told from there: the root is the empty pointer. */
export function problemsUnder(problems: readonly FieldProblem[], pointer: string): readonly FieldProblem[] {
  return problemsIn(problems, pointer).map(({ field, message }) => ({ field: field.slice(pointer.length), message }));
}

/** What is wrong, beside what it is wrong with. */
export function FieldProblems({ problems }: { problems: readonly (FieldProblem | string)[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="mt-1 space-y-0.5 text-bad text-xs">
      {problems.map((problem) => {
        const message = typeof problem === 'string' ? problem : problem.message;
        const field = typeof problem === 'string' ? '' : problem.field;
        return (
          <li key={`${field} ${message}`} className="break-words">
            <Glyph sign="✖" /> {message}
          </li>
        );
      })}
    </ul>
  );
}
