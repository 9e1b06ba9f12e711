import { problemOf } from '../broken.ts';
import { ignoringCase } from './cases.ts';
import { parsePattern, parseUnitPattern } from './parse.ts';
import { assemble, type Instruction } from './program.ts';
import { includes, WORD } from './syntax.ts';

/** Whether the pattern is found anywhere in the text; time grows with the text's length and no faster. */
export type CompiledPattern = (text: string) => boolean;

/** Throws for what is outside the subset (docs/reference/conditions.md). */
export function compilePattern(text: string): CompiledPattern {
  return searching(assemble(parsePattern(text)), pointAt);
}

/**
 * As ECMAScript has a pattern without its `u` flag, for other products' definitions: characters are UTF-16 code units. It
 * may look ahead at its very beginning, and name groups. Throws for what is outside the subset.
 */
export function compileUnitPattern(text: string, cases: 'kept' | 'ignored' = 'kept'): CompiledPattern {
  const demands = parseUnitPattern(text).map(({ pattern, isWanted }) => {
    const found = searching(assemble(cases === 'kept' ? pattern : ignoringCase(pattern)), unitAt);
    return { found, isWanted };
  });
  return (subject) => demands.every(({ found, isWanted }) => found(subject) === isWanted);
}

type ReadAt = (text: string, at: number) => number;
const pointAt: ReadAt = (text, at) => text.codePointAt(at) ?? 0;
const unitAt: ReadAt = (text, at) => text.charCodeAt(at);

function searching(program: readonly Instruction[], readAt: ReadAt): CompiledPattern {
  const current = threads(program.length);
  const upcoming = threads(program.length);
  return (subject) => run(program, subject, current, upcoming, readAt);
}

/** What is wrong with a pattern; undefined when it can be compiled. */
export function patternProblem(text: string): string | undefined {
  return problemIn(() => compilePattern(text));
}

/** The same for `compileUnitPattern`. */
export function unitPatternProblem(text: string): string | undefined {
  return problemIn(() => compileUnitPattern(text));
}

function problemIn(compile: () => CompiledPattern): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    return problemOf(error);
  }
}

/** Places in the program where the machine stands at once; each at most once, which is what keeps time linear. */
interface Threads {
  readonly places: Int32Array;
  readonly seen: Int32Array;
  readonly pending: Int32Array;
  count: number;
  round: number;
}

function threads(size: number): Threads {
  return {
    places: new Int32Array(size),
    seen: new Int32Array(size),
    // One waits at the beginning and one more by each fork, of which there are fewer than places.
    pending: new Int32Array(size),
    count: 0,
    round: 0,
  };
}

/** Simulates every thread at once (Pike), without captures: the question is only whether one of them arrives. */
function run(program: readonly Instruction[], text: string, first: Threads, second: Threads, readAt: ReadAt): boolean {
  let current = first;
  let upcoming = second;
  clear(current);
  for (let at = 0; ; ) {
    if (arrive(program, current, 0, text, at)) return true;
    if (at >= text.length) return false;
    const point = readAt(text, at);
    const after = at + (point > 0xffff ? 2 : 1);
    clear(upcoming);
    for (let index = 0; index < current.count; index += 1) {
      const place = current.places[index] ?? 0;
      const step = program[place];
      if (step?.is !== 'consume' || includes(step.what.ranges, point) === step.what.negated) continue;
      if (arrive(program, upcoming, place + 1, text, after)) return true;
    }
    [current, upcoming, at] = [upcoming, current, after];
  }
}

function clear(set: Threads): void {
  set.count = 0;
  set.round += 1;
  if (set.round < 0x7fffffff) return;
  set.seen.fill(0);
  set.round = 1;
}

/** Follows everything that consumes nothing; true when it leads to acceptance. */
function arrive(program: readonly Instruction[], set: Threads, start: number, text: string, at: number): boolean {
  const { pending, seen } = set;
  let open = 0;
  pending[open++] = start;
  while (open > 0) {
    const place = pending[--open] ?? 0;
    if (seen[place] === set.round) continue;
    seen[place] = set.round;
    const step = program[place];
    if (step === undefined) continue;
    if (step.is === 'accept') return true;
    if (step.is === 'consume') set.places[set.count++] = place;
    else if (step.is === 'jump') pending[open++] = step.next;
    else if (step.is === 'fork') {
      pending[open++] = step.other;
      pending[open++] = step.next;
    } else if (holds(step.at, text, at)) pending[open++] = place + 1;
  }
  return false;
}

function holds(where: 'start' | 'end' | 'word_border' | 'no_word_border', text: string, at: number): boolean {
  if (where === 'start') return at === 0;
  if (where === 'end') return at === text.length;
  const border = isWordAt(text, at - 1) !== isWordAt(text, at);
  return border === (where === 'word_border');
}

/** Outside the text there is no code, and so no word. */
function isWordAt(text: string, at: number): boolean {
  return includes(WORD, text.charCodeAt(at));
}
