import { checkAgainst, type Found } from '@spillway/contract';
import type { FieldProblem, Steps } from '@spillway/core';
import type { z } from 'zod';
import { MAX_FIELD_PROBLEMS, problemsOf, refuseFields } from './check.ts';

/** Few enough that checking them takes about a millisecond. */
const MEMBERS_PER_STEP = 50;

type Path = readonly string[];
type Members = Readonly<Record<string, unknown>>;

/**
 * What `check` does, some members of these records at a time. The members of a record know nothing of one another, so
 * the body with a few of them is checked by the same schema, and says the same of them.
 */
export function* checkingRecords<S extends z.ZodType>(
  schema: S,
  records: readonly Path[],
  body: unknown,
): Steps<z.output<S>> {
  const large = records.flatMap((path) => {
    const members = membersAt(body, path);
    return members === undefined ? [] : [{ path, members }];
  });
  const frame = large.reduce((rest, { path }) => withAt(rest, path, {}), body);
  const whole = checkAgainst(schema, frame, MAX_FIELD_PROBLEMS);
  // Each piece repeats what is wrong with the frame.
  const problems = new Map<string, FieldProblem>();
  const note = (found: readonly Found[]) => {
    for (const problem of problemsOf(found, 'body')) problems.set(`${problem.field} ${problem.message}`, problem);
  };
  if (!whole.ok) note(whole.found);
  for (const { path, members } of large) {
    for (const piece of pieces(members)) {
      yield;
      const checked = checkAgainst(schema, withAt(frame, path, piece), MAX_FIELD_PROBLEMS);
      if (!checked.ok) note(checked.found);
      else if (whole.ok) Object.assign(membersAt(whole.value, path) ?? {}, membersAt(checked.value, path));
      if (problems.size >= MAX_FIELD_PROBLEMS) throw refuseFields([...problems.values()].slice(0, MAX_FIELD_PROBLEMS));
    }
  }
  if (whole.ok && problems.size === 0) return whole.value;
  throw refuseFields([...problems.values()]);
}

function* pieces(members: Members): Generator<Members> {
  const entries = Object.entries(members);
  for (let start = 0; start < entries.length; start += MEMBERS_PER_STEP) {
    yield Object.fromEntries(entries.slice(start, start + MEMBERS_PER_STEP));
  }
}

/** Undefined where there is no record; whatever is there instead is for the schema to refuse. */
function membersAt(value: unknown, path: Path): Members | undefined {
  let inner = value;
  for (const step of path) {
    if (!isRecord(inner) || !Object.hasOwn(inner, step)) return undefined;
    inner = inner[step];
  }
  return isRecord(inner) ? inner : undefined;
}

/** The value with something else at the place, which is there. */
function withAt(value: unknown, [step, ...rest]: Path, inner: unknown): unknown {
  if (step === undefined || !isRecord(value)) return inner;
  return { ...value, [step]: withAt(value[step], rest, inner) };
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
