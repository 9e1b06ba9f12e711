import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { spillway } from './world.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-import-'));
});
after(() => rm(folder, { recursive: true }));

const run = (...args: readonly string[]) => spillway(args, { cwd: folder });

async function put(name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify(value));
}

const rules = [{ condition: { country: 'DE' }, force: 'neu' }];
const features = {
  Greeting: { defaultValue: 'old', rules },
  odd: { defaultValue: 'old', rules: [{ condition: { country: { $regex: '(?=D)' } }, force: 'new' }] },
};

test('F19: a file of another product becomes definitions, answers for its contexts, and a report', async () => {
  await put('features.json', { features });
  const imported = await run('import', 'growthbook', 'features.json', '--out', 'flags.yaml', '--report', 'report.json');
  assert.equal(imported.code, 0, imported.stderr);
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
  const [{ flag, key }] = report.carried;
  assert.deepEqual([flag, key], ['Greeting', 'greeting']);
  assert.deepEqual(
    report.refused.map((each: { flag: string }) => each.flag),
    ['odd'],
  );
  const asDocument = await run('import', 'growthbook', 'features.json', '--out', 'flags.yaml', '--json');
  assert.deepEqual([JSON.parse(asDocument.stdout), asDocument.stderr], [report, '']);
  await writeFile(join(folder, 'users.ndjson'), '{"country": "DE"}\n{"attributes": {"country": "AT"}}\n');
  const asked = ['--flags', 'flags.yaml', '--contexts', 'users.ndjson', '--dialect', 'growthbook'];
  const { code, stdout, stderr } = await run('evaluate', ...asked);
  assert.equal(code, 0, stderr);
  const values = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).evaluations[0].value);
  assert.deepEqual(values, ['neu', 'old']);
});

test('F19: into a folder, definitions go in files that are read together', async () => {
  await put('features.json', { features });
  await mkdir(join(folder, 'flags'));
  await writeFile(join(folder, 'flags/flags-2.yaml'), 'of an import before');
  const imported = await run('import', 'growthbook', 'features.json', '--out', 'flags/');
  assert.equal(imported.code, 0, imported.stderr);
  assert.deepEqual(await readdir(join(folder, 'flags')), ['flags-1.yaml']);
  const { stdout } = await run('evaluate', 'greeting', '--flags', 'flags', '-c', '{"country": "DE"}', '--json');
  assert.equal(JSON.parse(stdout).value, 'neu');
});
