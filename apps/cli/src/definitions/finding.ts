/** Where something stands in a file; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Severity = 'error' | 'warning';

/** Something wrong, or doubtful, in a file. */
export interface Finding {
  readonly severity: Severity;
  /** Stable, for those who branch on it: `syntax`, `shape`, `meaning`, … */
  readonly rule: Rule;
  readonly place: Place;
  /** JSON Pointer into the document; empty for the whole of it. */
  readonly field: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** What can be found, and what each means; SARIF lists them, the reference documents them. */
export const RULES = {
  unreadable: 'The file cannot be read',
  syntax: 'The file is not well-formed YAML or JSON',
  shape: 'A field is unknown, missing, or of the wrong kind',
  meaning: 'A definition contradicts itself or another',
  duplicate: 'A thing is defined twice',
  unreachable: 'Something can never be served',
} as const;

export type Rule = keyof typeof RULES;

export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
