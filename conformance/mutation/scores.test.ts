import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type FileRecord, recordsOf } from './record.ts';
import { readResults } from './results.ts';
import { scoresText } from './scores.ts';

test('the scores that are published are those that runs came to', () => {
  const published = readFileSync(new URL('SCORES.md', import.meta.url), 'utf8');
  assert.equal(published, scoresText(readResults()), 'npm run mutation -- --scores writes them');
});

const source = 'export const a = 1 < 2;\nexport const b = a;\n';
const place = (line: number, column: number, end: number) => ({ start: { line, column }, end: { line, column: end } });
const about = { measured: '2026-11-29', tests: '' };
const mutants = [
  { status: 'Killed', replacement: 'false', location: place(1, 18, 23) },
  { status: 'Timeout', replacement: '1 > 2', location: place(1, 18, 23) },
  { status: 'Survived', replacement: '1 <= 2', location: place(1, 18, 23) },
  { status: 'NoCoverage', replacement: '', location: place(2, 18, 19) },
  { status: 'Ignored', replacement: 'x', location: place(2, 18, 19) },
];
const reported = (text: string) => ({ files: { 'packages/evaluator/src/a.ts': { source: text, mutants } } });
const recorded = (text: string, before: readonly FileRecord[]) =>
  recordsOf(reported(text), about, before)[0] ?? assert.fail();

test('what no test noticed is told with its line, and what was said of it is kept while the line is the same', () => {
  const record = recorded(source, []);
  assert.deepEqual([record.file, record.killed, record.timeouts, record.at_import], ['evaluator/src/a.ts', 1, 1, 1]);
  assert.deepEqual(record.left, [
    { line: 1, in: 'export const a = 1 < 2;', was: '1 < 2', became: '1 <= 2', why: '' },
    { line: 2, in: 'export const b = a;', was: 'a', became: '', why: '' },
  ]);
  const said = { ...record, left: record.left.map((each) => ({ ...each, why: 'same: both are so' })) };
  assert.deepEqual(
    recorded(source, [said]).left.map(({ why }) => why),
    ['same: both are so', 'same: both are so'],
  );
  assert.deepEqual(
    recorded(source.replace('b = a;', 'b = a; // new'), [said]).left.map(({ why }) => why),
    ['same: both are so', ''],
  );
});

test('scores tell what is left by why it is, and the total of all files', () => {
  const { left, ...rest } = recorded(source, []);
  const [first, second] = [left[0] ?? assert.fail(), left[1] ?? assert.fail()];
  const evaluator: FileRecord = { ...rest, left: [{ ...first, why: 'speed: it is looked at twice' }, second] };
  const text = scoresText([evaluator, { ...rest, file: 'statistics/src/b.ts', left: [] }]);
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  assert.ok(rows.includes('| evaluator | 1 | 4 | 50.0 % | 1 |  | 1 |  | 1 |'), text);
  assert.ok(rows.includes('| **both** | 2 | 6 | 66.7 % | 2 |  | 1 |  | 1 |'), text);
  assert.match(text, /### evaluator\/a\.ts\n\n- speed: it is looked at twice\n {2}- 1: `1 < 2` → `1 <= 2`\n- unseen\n/);
});
