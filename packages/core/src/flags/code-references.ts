import { checkRequiredText, checkText } from '../checked-text.ts';
import { isKey, KEY_RULE } from '../key.ts';
import { acceptUnless, collectProblems, type Problems, pointer } from '../problems.ts';
import type { Outcome } from '../refusal.ts';

export const MAX_REFERENCES = 5_000;
const MAX_PATH_LENGTH = 1_024;
const MAX_LINE = 10_000_000;
const MAX_TEXT_LENGTH = 500;
const MAX_REVISION_LENGTH = 128;
const REPOSITORY = /^[\x21-\x7e]{1,200}$/;

/** Where the flags of a project stand in one repository's code. */
export interface CodeReferences {
  readonly repository: string;
  /** Of the repository, when these references were found for the first time. */
  readonly revision?: string;
  readonly references: readonly CodeReference[];
}

export interface CodeReference {
  readonly flag: string;
  readonly path: string;
  readonly line: number;
  /** The line itself. */
  readonly text?: string;
}

/** Flags that are not there may be referred to: that is worth knowing. */
export function checkCodeReferences(given: CodeReferences): Outcome<CodeReferences> {
  const problems = collectProblems();
  const { repository, revision, references } = given;
  if (!REPOSITORY.test(repository)) {
    problems.report(
      '/repository',
      'must be 1 to 200 printable characters without spaces, such as "github.com/acme/shop"',
    );
  }
  if (revision !== undefined) checkRequiredText(revision, '/revision', MAX_REVISION_LENGTH, problems);
  if (references.length > MAX_REFERENCES) problems.report('/references', `must be at most ${MAX_REFERENCES}`);
  references.slice(0, MAX_REFERENCES).forEach((reference, index) => {
    checkReference(reference, pointer('/references', index), problems);
  });
  return acceptUnless(problems, 'The code references', given);
}

function checkReference({ flag, path, line, text }: CodeReference, field: string, problems: Problems): void {
  if (!isKey(flag)) problems.report(pointer(field, 'flag'), KEY_RULE);
  checkRequiredText(path, pointer(field, 'path'), MAX_PATH_LENGTH, problems);
  if (!Number.isSafeInteger(line) || line < 1 || line > MAX_LINE) {
    problems.report(pointer(field, 'line'), `must be a whole number from 1 to ${MAX_LINE}`);
  }
  if (text !== undefined) checkText(text, pointer(field, 'text'), MAX_TEXT_LENGTH, problems);
}
