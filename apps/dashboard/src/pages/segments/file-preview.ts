/** What is read of a file before it is sent. */
export const HEAD_BYTES = 65_536;
const SHOWN_KEYS = 5;
/** Names under which the server looks for keys when none is given. */
const USUAL_NAMES = ['key', 'id', 'user_id', 'targetingKey'] as const;
export const USUAL_WORDS = `${USUAL_NAMES.slice(0, -1).join(', ')} or ${USUAL_NAMES.at(-1)}`;

/** What a file would be read as. The server checks every line; this shows a mistake in the choice of file or column before. */
export interface FilePreview {
  /** Names to choose from: the header of a table, or the members of the first object. */
  readonly columns: readonly string[];
  /** Where keys are read from; undefined where each line is one itself. */
  readonly column: string | undefined;
  readonly keys: readonly string[];
  /** Rows with a key; estimated where only the beginning was read. */
  readonly rows: number;
  readonly isEstimate: boolean;
  readonly problem: string | undefined;
}

/** `head` is the beginning of a file of `size` bytes; `column` what somebody typed, perhaps nothing. */
export function previewOf(
  head: string,
  { size, format, column }: { size: number; format: 'text/csv' | 'application/x-ndjson'; column: string },
): FilePreview {
  const isWhole = size <= HEAD_BYTES;
  const text = head.startsWith('\ufeff') ? head.slice(1) : head;
  const whole = isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  const names = column.trim() === '' ? USUAL_NAMES : [column.trim()];
  const found = format === 'text/csv' ? inTable(whole, names) : inLines(whole, names);
  const lines = whole.split('\n').filter((line) => line.trim() !== '').length;
  const counted = Math.max(0, lines - (format === 'text/csv' ? 1 : 0));
  const rows = isWhole ? counted : Math.round((counted * size) / HEAD_BYTES);
  const isEmpty = counted === 0;
  return {
    ...found,
    rows,
    isEstimate: !isWhole,
    problem: isEmpty ? 'There is no line with a key in it.' : found.problem,
  };
}

type Found = Pick<FilePreview, 'columns' | 'column' | 'keys' | 'problem'>;

function inTable(text: string, names: readonly string[]): Found {
  const [columns = [], ...rows] = firstRecords(text, SHOWN_KEYS + 1);
  const column = names.find((name) => columns.includes(name));
  if (column === undefined)
    return { columns, column, keys: [], problem: `The first line has no column ${orOf(names)}.` };
  const place = columns.indexOf(column);
  return { columns, column, keys: rows.map((row) => row[place] ?? ''), problem: undefined };
}

function inLines(text: string, names: readonly string[]): Found {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const values = lines.slice(0, SHOWN_KEYS).map(parsed);
  const first = values[0];
  const columns = isObject(first) ? Object.keys(first) : [];
  const column = names.find((name) => columns.includes(name));
  const keys = values.map((value) => keyOf(isObject(value) && column !== undefined ? value[column] : value));
  const broken = keys.indexOf(undefined);
  if (broken === -1) return { columns, column, keys: keys.filter((key) => key !== undefined), problem: undefined };
  const problem =
    values[broken] === undefined ? 'is not JSON' : `names no key: text, a number, or an object with ${orOf(names)}`;
  return { columns, column, keys: [], problem: `Line ${broken + 1} ${problem}.` };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

function orOf(names: readonly string[]): string {
  return names.length === 1 ? `“${names[0]}”` : USUAL_WORDS;
}

/** Of a table (RFC 4180), at most so many; a quoted field may go on over the end of its line. */
function firstRecords(text: string, most: number): readonly (readonly string[])[] {
  const records: string[][] = [];
  const fieldOrEnd = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/y;
  let fields: string[] = [];
  while (fieldOrEnd.lastIndex < text.length && records.length < most) {
    const match = fieldOrEnd.exec(text);
    // A quote where none belongs: the server will name its line.
    if (match === null) break;
    const [, quoted, plain = '', end] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (fields.length > 1 || fields[0] !== '') records.push(fields);
    fields = [];
  }
  return records;
}
