import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createProgram } from '../apps/cli/src/program.ts';
import { readConfig } from '../apps/server/src/config.ts';
import { rolloutPlan } from '../packages/contract/src/rollouts/schemas.ts';
import { anchorsOf, commandsOf, fencesOf, linksOf, rowsOf } from './docs.ts';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const run = promisify(execFile);

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

const page = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('every relative link leads to a file, and to a heading that is there', () => {
  const links = pages.flatMap(({ path, text }) => linksOf(text).map((link) => ({ path, link })));
  assert.ok(links.length > 20);
  for (const { path, link } of links) {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? join(ROOT, path) : join(ROOT, dirname(path), file);
    assert.ok(existsSync(target), `${path} links to ${link}, which is not there`);
    if (anchor === undefined || !target.endsWith('.md')) continue;
    assert.ok(anchorsOf(readFileSync(target, 'utf8')).includes(anchor), `${path} links to the heading ${link}`);
  }
});

test('every spillway command in the documentation exists, with its options', () => {
  const found = pages.flatMap(({ path, text }) => commandsOf(text).map((words) => ({ path, words })));
  assert.ok(found.length > 40);
  const program = createProgram(false);
  const problems: string[] = [];
  for (const { path, words } of found) {
    const line = `${path}: spillway ${words.join(' ')}`;
    const command: string[] = [];
    for (const word of words) {
      const known = namesIn(helpOf(program, command));
      if (known.size === 0 || word.startsWith('-')) break;
      if (known.has(word)) command.push(word);
      else problems.push(`${line}: no command "${word}"`);
      if (!known.has(word)) break;
    }
    const text = helpOf(program, command);
    for (const option of words.filter((word) => /^--?[a-z]/.test(word))) {
      if (option === '--help' || option === '--version') continue;
      if (!new RegExp(`(^|[ ,])${option}(?![\\w-])`, 'm').test(optionsIn(text))) problems.push(`${line}: no ${option}`);
    }
  }
  assert.deepEqual(problems, []);
});

type Program = ReturnType<typeof createProgram>;

/** What `--help` shows of the command. */
function helpOf(program: Program, path: readonly string[]): string {
  const command = path.reduce<Program>(
    (parent, name) => parent.commands.find((sub) => sub.name() === name || sub.aliases().includes(name)) ?? parent,
    program,
  );
  return command.helpInformation();
}

function optionsIn(help: string): string {
  return (/^Options:\n((?: .*\n?)*)/m.exec(help)?.[1] ?? '')
    .split('\n')
    .filter((line) => /^ {2}-/.test(line))
    .map((line) => line.trim().split(/ {2,}/)[0])
    .join('\n');
}

/** The commands below this one, with their other names. */
function namesIn(help: string): Set<string> {
  const block = /^Commands:\n((?: .*\n?)*)/m.exec(help)?.[1] ?? '';
  return new Set([...block.matchAll(/^ {2}(\S+)/gm)].flatMap(([, names = '']) => names.split('|')));
}

test('every TypeScript block that uses Spillway type-checks', async () => {
  const blocks = pages.flatMap(({ path, text }) =>
    fencesOf(text)
      .filter(({ language, code }) => language === 'ts' && code.includes('@spillway/'))
      .map(({ code }) => ({ path, code })),
  );
  assert.ok(blocks.length > 0);
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'docs-'));
  try {
    const files = blocks.map((_, index) => `block-${index}.ts`);
    blocks.forEach(({ path, code }, index) => {
      writeFileSync(join(folder, files[index] ?? ''), `// ${path}\n${code}\nexport {};\n`);
    });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), include: [], files }),
    );
    const checked = await run(join(BIN, 'tsc'), ['-p', folder]).catch((error: { stdout: string }) => error);
    assert.equal(checked.stdout, '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the page about plan files has every field of the schema, with its default', () => {
  const schema = z.toJSONSchema(rolloutPlan, { io: 'input', unrepresentable: 'any' });
  const fields = fieldsOf(schema as Schema, '', parsedPlans());
  const written = rowsOf(page('docs/reference/plan-file.md')).filter(
    ([name = '']) => name !== 'field' && /^[a-z_.[\]]+$/.test(name),
  );
  assert.deepEqual(written.map(([name]) => name).sort(), [...fields.keys()].sort());
  for (const [name = '', value = ''] of written) {
    assert.deepEqual(readDefault(name, value), fields.get(name), `the default of ${name}`);
  }
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** What is said of each field: `required`, `none`, or what it is when left out. */
function fieldsOf(schema: Schema, prefix: string, parsed: Parsed): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const path = `${prefix}${name}`;
    const inner = field.items?.properties === undefined ? field : field.items;
    const value = valueAt(inner.properties === undefined ? parsed.full : parsed.short, path);
    const usual = inner.properties === undefined ? { is: value } : { is: {} };
    found.set(path, schema.required?.includes(name) === true ? 'required' : value === undefined ? 'none' : usual);
    const below = inner === field ? `${path}.` : `${path}[].`;
    for (const [deeper, said] of fieldsOf(inner, below, parsed)) found.set(deeper, said);
  }
  return found;
}

/** The same plan with as little as possible said, and with the one optional part begun. */
interface Parsed {
  readonly short: unknown;
  readonly full: unknown;
}

function parsedPlans(): Parsed {
  const plan = (analysis: object) => ({
    key: 'a',
    environment: 'production',
    stages: [
      {
        key: 'a',
        service: 'a',
        version: { name: 'v1', command: ['a'] },
        strategy: { kind: 'canary', steps: [{ percentage: 1, bake_ms: 0 }], analysis },
      },
    ],
  });
  return { short: rolloutPlan.parse(plan({})), full: rolloutPlan.parse(plan({ comparison: {} })) };
}

function valueAt(document: unknown, path: string): unknown {
  return path
    .replaceAll('[]', '.0')
    .split('.')
    .reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name], document);
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function readDefault(name: string, text: string): unknown {
  if (text === 'required' || text === 'none') return text;
  const duration = /^(\d+)(ms|s|m|h)$/.exec(text);
  if (name.endsWith('_ms') && duration !== null) return { is: Number(duration[1]) * (UNIT_MS[duration[2] ?? ''] ?? 0) };
  try {
    return { is: JSON.parse(text) };
  } catch {
    return { is: text };
  }
}

test('the page about operating has every environment variable of the control plane, with its default', () => {
  const source = page('apps/server/src/config.ts');
  const declared = [...source.matchAll(/^ {2}(SPILLWAY_[A-Z_]+): /gm)].map(([, name]) => name ?? '');
  const section = page('docs/guides/operating.md').split('## Environment variables')[1]?.split('\n## ')[0] ?? '';
  const written = rowsOf(section).filter(([name = '']) => name.startsWith('SPILLWAY_'));
  assert.ok(declared.length > 10);
  assert.deepEqual(written.map(([name]) => name).sort(), [...declared].sort());
  for (const [name = '', value = ''] of written) {
    if (value !== 'none') assert.deepEqual(readConfig({ [name]: value }), readConfig({}), `the default of ${name}`);
  }
});
