import { createHash } from 'node:crypto';

/** What a run came to for one source file; `results/` holds the latest of each. */
export interface FileRecord {
  /** Below the folder of packages: `evaluator/src/bucketing/hash.ts`. */
  readonly file: string;
  /** The day, `2026-11-29`. */
  readonly measured: string;
  /** Of the text that was changed: tells whether the file is still the one that was measured. */
  readonly source: string;
  /** The paths of the tests that were asked, separated by spaces; all of the package's where it is empty. */
  readonly tests: string;
  readonly killed: number;
  /** Of loops that do not end: told by how often they went round, or by their time. */
  readonly timeouts: number;
  /** Run at import only, and not asked. */
  readonly at_import: number;
  readonly left: readonly Survivor[];
}

/** A change that no test noticed. */
export interface Survivor {
  readonly line: number;
  /** The line as it is written, without what is before and behind it. */
  readonly in: string;
  readonly was: string;
  readonly became: string;
  /**
   * Written by whoever looked at it; the next run keeps it: `same: …` where nothing can be seen of the change, `speed: …` where
   * nothing but the time can, `gap: …` where a test is missing. Empty until somebody looked.
   */
  readonly why: string;
}

/** The part of Stryker's report (the schema of mutation-testing-elements) that is read. */
export interface Report {
  readonly files: Readonly<Record<string, ReportedFile>>;
}

interface ReportedFile {
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

interface Mutant {
  readonly status: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** Both from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

const PACKAGES = 'packages/';
const DIGITS = 12;
const SURVIVED: readonly string[] = ['Survived', 'NoCoverage'];

/** `before` is what is known of the files so far: the words of who looked at a survivor are taken over from it. */
export function recordsOf(
  report: Report,
  about: Pick<FileRecord, 'measured' | 'tests'>,
  before: readonly FileRecord[],
): readonly FileRecord[] {
  return Object.entries(report.files).map(([path, { source, mutants }]) => {
    const file = path.slice(PACKAGES.length);
    const words = wordsOf(before.find((each) => each.file === file));
    const count = (status: string) => mutants.filter((mutant) => mutant.status === status).length;
    return {
      file,
      ...about,
      source: digestOf(source),
      killed: count('Killed'),
      timeouts: count('Timeout'),
      at_import: count('Ignored'),
      left: mutants
        .filter(({ status }) => SURVIVED.includes(status))
        .toSorted((one, other) => inOrder(one.location.start, other.location.start))
        .map((mutant) => survivorOf(mutant, source.split('\n')))
        .map((survivor) => ({ ...survivor, why: words.get(identityOf(survivor)) ?? '' })),
    };
  });
}

export function digestOf(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, DIGITS);
}

export function changesIn({ killed, timeouts, left }: FileRecord): number {
  return killed + timeouts + left.length;
}

function inOrder(one: Position, other: Position): number {
  return one.line - other.line || one.column - other.column;
}

function survivorOf({ replacement = '', location }: Mutant, lines: readonly string[]): Omit<Survivor, 'why'> {
  const { start, end } = location;
  const line = lines[start.line - 1] ?? '';
  const was =
    start.line === end.line ? line.slice(start.column - 1, end.column - 1) : `${line.slice(start.column - 1)} …`;
  return { line: start.line, in: line.trim(), was, became: firstLineOf(replacement) };
}

function firstLineOf(text: string): string {
  const [first = '', ...more] = text.split('\n');
  return more.length === 0 ? first : `${first} …`;
}

/** Survivors are known again by their words, wherever in the file they are now. */
function wordsOf(record: FileRecord | undefined): ReadonlyMap<string, string> {
  return new Map(record?.left.map((survivor) => [identityOf(survivor), survivor.why]));
}

function identityOf({ in: line, was, became }: Omit<Survivor, 'why' | 'line'>): string {
  return JSON.stringify([line, was, became]);
}
