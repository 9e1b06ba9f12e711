import { enumerate, memberKeyProblem } from '@spillway/core';
import { RequestRefused } from '../problem.ts';
import { type CsvRecord, csvRecords } from './csv.ts';
import { lineRefused, linesOf } from './lines.ts';
import type { Upload } from './upload.ts';

/** Names under which keys are looked for when none is given. A table without a header row has none of them. */
const USUAL_COLUMNS = ['key', 'id', 'user_id', 'targetingKey'];

/** The keys that an upload names, in batches as they arrive. Refuses a line that names none, by its number. */
export function memberKeys(upload: Upload, column: string | undefined): AsyncGenerator<readonly string[]> {
  return upload.type === 'text/csv' ? keysInTable(upload, column) : keysInLines(upload, column);
}

async function* keysInTable(upload: Upload, column: string | undefined): AsyncGenerator<readonly string[]> {
  let header: readonly string[] | undefined;
  let index = 0;
  for await (const records of csvRecords(upload.text())) {
    const rows = header === undefined ? records.slice(1) : records;
    if (header === undefined) {
      header = records[0]?.fields ?? [];
      index = columnIndex(header, column);
    }
    const width = header.length;
    yield rows.map((row) => checked(field(row, index, width), row.line));
  }
}

function field({ fields, line }: CsvRecord, index: number, width: number): string {
  if (fields.length !== width) throw lineRefused(line, `has ${fields.length} fields; the header has ${width}`);
  return fields[index] ?? '';
}

function columnIndex(header: readonly string[], column: string | undefined): number {
  const names = column === undefined ? USUAL_COLUMNS : [column];
  for (const name of names) {
    const index = header.indexOf(name);
    if (index !== -1 && index === header.lastIndexOf(name)) return index;
    if (index !== -1) throw columnRefused(`The header has the column ${JSON.stringify(name)} twice.`);
  }
  const has = `The header has: ${enumerate(header.map((name) => JSON.stringify(name.slice(0, 64))))}.`;
  if (column !== undefined) throw columnRefused(`There is no column ${JSON.stringify(column)}. ${has}`);
  throw columnRefused(
    `The first line must be a header with a column ${enumerate(USUAL_COLUMNS)}, or \`?column\` must name another. ${has}`,
  );
}

function columnRefused(problem: string): RequestRefused {
  return new RequestRefused('invalid', `${problem} Nothing was changed.`, {
    fields: [{ field: '?column', message: 'must name a column of the header' }],
  });
}

async function* keysInLines(upload: Upload, column: string | undefined): AsyncGenerator<readonly string[]> {
  const names = column === undefined ? USUAL_COLUMNS : [column];
  for await (const lines of linesOf(upload.text())) {
    yield lines.flatMap(({ number, text }) =>
      text.trim() === '' ? [] : [checked(keyIn(parse(text, number), names, number), number)],
    );
  }
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw lineRefused(line, 'is not JSON');
  }
}

/** Text as it is, whole numbers by their digits, as contexts are read. */
function keyIn(value: unknown, names: readonly string[], line: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const name = isObject ? names.find((one) => Object.hasOwn(value, one)) : undefined;
  const inside: unknown = isObject && name !== undefined ? Reflect.get(value, name) : undefined;
  if (typeof inside === 'string' || typeof inside === 'number') return keyIn(inside, names, line);
  throw lineRefused(line, `must be text, a whole number, or an object with one of them as ${enumerate(names)}`);
}

function checked(key: string, line: number): string {
  const problem = memberKeyProblem(key);
  if (problem !== undefined) throw lineRefused(line, `names a key that ${problem}`);
  return key;
}
