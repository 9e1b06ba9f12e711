import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { spillway } from './world.ts';

const FLAGS = `# yaml-language-server: $schema=https://spillway.dev/v1/definitions.schema.json
apiVersion: spillway/v1
kind: Definitions
managed_by: shop
segments:
  germans:
    when: { attribute: country, operator: in, values: [DE, AT] }
flags:
  new-checkout:
    description: The new checkout
    all_environments:
      enabled: true
      percentage: 30
    environments:
      production:
        rules:
          - when: { segment: germans }
            serve: { variant: on }
      staging:
        percentage: 100
`;

const TESTS = `apiVersion: spillway/v1
kind: Tests
tests:
  - name: germans have it
    flag: new-checkout
    environment: production
    context: { targetingKey: u1, country: DE }
    expect: { value: true, variant: on, reason: TARGETING_MATCH }
  - flag: new-checkout
    environment: staging
    context: { targetingKey: u1 }
    at: 2026-12-24T08:00:00Z
    expect: { value: true }
`;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-offline-'));
  await mkdir(join(folder, 'flags'));
  await put('flags/flags.yaml', FLAGS);
  await put('flags/flags.test.yaml', TESTS);
});
after(() => rm(folder, { recursive: true, force: true }));

const put = (path: string, text: string) => writeFile(join(folder, path), text);
const run = (args: readonly string[], input?: string) =>
  spillway(args, { cwd: folder, ...(input === undefined ? {} : { input }) });
const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('F16: a sound folder is valid, and each mistake in a file is told where it stands', async () => {
  const good = await run(['validate', 'flags']);
  assert.deepEqual([good.code, good.stdout], [0, '2 files, nothing wrong.\n'], good.stderr);
  await put(
    'bad.yaml',
    `${FLAGS.replace('segment: germans', 'segment: austrians').replace('variant: on', 'variant: onn')}      qa: { fallthrough: { split: [{ variant: on, percentage: 60 }] }, enabled: perhaps }\n`,
  );
  const shape = await run(['validate', 'bad.yaml']);
  assert.equal(shape.code, 5);
  assert.match(shape.stdout, /^bad\.yaml:21:\d+ \/flags\/new-checkout\/environments\/qa\/enabled: must be a boolean/);
  await put('bad.yaml', (await readFile(join(folder, 'bad.yaml'), 'utf8')).replace('perhaps', 'true'));
  const meaning = await run(['validate', 'bad.yaml', '--json']);
  assert.equal(meaning.code, 5);
  const { findings } = JSON.parse(meaning.stdout);
  const told = findings.map(({ at, field, message }: Record<string, string>) => `${at} ${field} ${message}`);
  assert.equal(told.length, 3, meaning.stdout);
  assert.match(told[0], /^bad\.yaml:17:21 .*\/rules\/0\/when\/segment .*austrians/);
  assert.match(told[1], /^bad\.yaml:18:22 .*\/rules\/0\/serve\/variant .*onn/);
  assert.match(told[2], /^bad\.yaml:21:\d+ .*\/qa\/fallthrough\/split must sum to 100; it sums to 60/);
});

test('F16: what is said of all environments is checked in files that name none', async () => {
  await put(
    'everywhere.yaml',
    `apiVersion: spillway/v1
kind: Definitions
flags:
  a:
    all_environments:
      prerequisites: [{ flag: b, variants: ["on"] }]
      rules:
        - { when: { segment: nobody }, serve: { variant: on } }
      fallthrough: { split: [{ variant: on, percentage: 20 }, { variant: off, percentage: 70 }] }
  b:
    all_environments:
      rules:
        - { when: { all: [] }, serve: { variant: on } }
        - { when: { attribute: x, operator: exists, values: [] }, serve: { variant: off } }
  requires-what-is-wrong:
    all_environments: { prerequisites: [{ flag: a, variants: ["on"] }] }
`,
  );
  const { code, stdout } = await run(['validate', 'everywhere.yaml']);
  assert.equal(code, 5);
  assert.deepEqual(
    stdout.match(/^everywhere\.yaml:\d+/gm),
    ['everywhere.yaml:8', 'everywhere.yaml:9', 'everywhere.yaml:14'],
    stdout,
  );
  assert.match(stdout, /unknown segment nobody[\s\S]*must sum to 100[\s\S]*never reached/);
});

test('F6: flags ask one another in any order, and what leads back is refused with its way', async () => {
  const asking = (flag: string) => `{ when: { not: { flag: ${flag}, variants: ["on"] } }, serve: { variant: on } }`;
  const file = (...flags: readonly string[]) => `apiVersion: spillway/v1\nkind: Definitions\nflags:\n${flags.join('')}`;
  const flag = (key: string, other: string) =>
    `  ${key}:\n    all_environments: { enabled: true, fallthrough: { variant: off }, rules: [${asking(other)}] }\n`;
  await put('asking.yaml', file(flag('a', 'b'), flag('b', 'c'), '  c: {}\n'));
  assert.equal((await run(['validate', 'asking.yaml'])).code, 0);
  await put('contexts.ndjson', '{}\n');
  const asked = await run(['evaluate', '--flags', 'asking.yaml', '--contexts', 'contexts.ndjson', '--flag', 'a']);
  assert.equal(JSON.parse(asked.stdout).value, false, asked.stdout);
  await put('circle.yaml', file(flag('a', 'b'), flag('b', 'c'), flag('c', 'a')));
  const { code, stdout } = await run(['validate', 'circle.yaml']);
  assert.equal(code, 5);
  assert.match(stdout, /a → b → c → a/);
  const own = file('  a: {}\n', '  b:\n    all_environments: { rules: [', asking('a').replace('on"', 'x"'), '] }\n');
  await put('variant.yaml', own);
  assert.match((await run(['validate', 'variant.yaml'])).stdout, /names the variant x, which a does not have/);
});

test('F16: what is found is also said as annotations and as SARIF, and warnings are errors when asked', async () => {
  await put(
    'doubtful.yaml',
    `apiVersion: spillway/v1
kind: Definitions
flags:
  a:
    all_environments:
      rules:
        - { when: { all: [] }, serve: { variant: on } }
        - { when: { attribute: x, operator: exists, values: [] }, serve: { variant: off } }
    environments: { staging: {}, production: {} }
`,
  );
  const github = await run(['validate', 'doubtful.yaml', '--format', 'github']);
  assert.equal(github.code, 0);
  assert.match(github.stdout, /^::warning file=doubtful\.yaml,line=8,col=11,title=[^:]+::.*never reached.*\n$/);
  const sarif = await run(['validate', 'doubtful.yaml', '--format', 'sarif', '--strict']);
  assert.equal(sarif.code, 5);
  const [result] = JSON.parse(sarif.stdout).runs[0].results;
  assert.deepEqual([result.ruleId, result.level], ['unreachable', 'error']);
  assert.equal(result.locations[0].physicalLocation.region.startLine, 8);
});

test('F16: fixtures are asked of the flags beside them; a failure shows how the answer came about', async () => {
  const good = await run(['test']);
  assert.deepEqual([good.code, good.stdout], [0, '2 passed\n'], good.stderr);
  await put('flags/wrong.test.yaml', TESTS.replace('value: true, variant: on', 'value: false, variant: off'));
  const bad = await run(['test', 'flags', '--junit', 'report.xml']);
  assert.equal(bad.code, 5);
  assert.match(bad.stdout, /✖ flags\/wrong\.test\.yaml:4:5 germans have it \(production\)\n/);
  assert.match(bad.stdout, /value is true, expected false/);
  assert.match(bad.stdout, /✔ rule rule-1\n.*✔ segment germans\n.*✔ country in "DE", "AT": it is "DE"/);
  assert.match(bad.stdout, /3 passed, 1 failed\n$/);
  const xml = await readFile(join(folder, 'report.xml'), 'utf8');
  assert.match(xml, /<testsuites name="spillway" tests="4" failures="1"/);
  assert.match(xml, /<testcase name="germans have it"[^>]*><failure message="value is true, expected false; /);
  const misspelt = TESTS.replace('flag: new-checkout', 'flag: new-chekout').replace(
    /expect: .*TARGETING_MATCH }/,
    'expect: { variant: null }',
  );
  await put('flags/wrong.test.yaml', misspelt);
  const lost = await run(['test', 'flags']);
  assert.equal(lost.code, 5, 'a flag that is not there serves no variant, and that must not pass');
  assert.match(lost.stdout, /there is no flag "new-chekout" in the files/);
  await rm(join(folder, 'flags/wrong.test.yaml'));
});

test('F16: contexts are answered one a line and in order; a bad line spoils only itself', async () => {
  const contexts = ['{"targetingKey":"u1","country":"DE"}', 'nonsense', '', '[]', '{"targetingKey":"u2"}'].join('\n');
  const ran = await run(
    ['evaluate', '--flags', 'flags', '--flag', 'new-checkout', '-e', 'production', '--contexts', '-'],
    contexts,
  );
  assert.equal(ran.code, 5);
  const [german, nonsense, list, other] = lines(ran.stdout);
  assert.deepEqual(german, {
    flagKey: 'new-checkout',
    value: true,
    variant: 'on',
    reason: 'TARGETING_MATCH',
    flagMetadata: { configuration: 1, flagVersion: 1, rule: 'rule-1' },
  });
  assert.deepEqual([nonsense.line, nonsense.errorCode, list.line], [2, 'INVALID_CONTEXT', 4]);
  assert.equal(other.reason, 'SPLIT');
  assert.match(ran.stderr, /2 of 4 lines hold no context, the first is line 2/);
});

test('F16: a flag that the files do not have is answered on every line, and the command fails once, at the end', async () => {
  const contexts = '{"targetingKey":"u1"}\nnonsense\n{"targetingKey":"u2"}\n';
  const batch = ['evaluate', '--flags', 'flags', '-e', 'production', '--contexts', '-'];
  const said = 'There is no flag "new-chekout" in the files. Closest: new-checkout.';
  const one = await run([...batch, '--flag', 'new-chekout'], contexts.replace('nonsense', ''));
  assert.deepEqual(
    lines(one.stdout).map(({ flagKey, errorCode }) => [flagKey, errorCode]),
    [
      ['new-chekout', 'FLAG_NOT_FOUND'],
      ['new-chekout', 'FLAG_NOT_FOUND'],
    ],
  );
  assert.deepEqual([one.code, one.stderr], [3, `${said}\n`]);
  const mixed = await run([...batch, 'new-checkout', 'new-chekout'], contexts);
  const [first, second, third] = lines(mixed.stdout);
  for (const { evaluations } of [first, third]) {
    assert.deepEqual([evaluations[0].reason, evaluations[1].errorCode], ['SPLIT', 'FLAG_NOT_FOUND']);
  }
  assert.equal(second.errorCode, 'INVALID_CONTEXT');
  assert.deepEqual([mixed.code, mixed.stderr.split('\n').length], [3, 2]);
  assert.match(mixed.stderr, /^There is no flag "new-chekout".* 1 of 3 lines hold no context, the first is line 2;/);
  const person = await run(['evaluate', 'new-chekout', '--flags', 'flags', '-e', 'production', '-k', 'u1', '--json']);
  assert.deepEqual([person.code, JSON.parse(person.stdout).errorCode], [3, 'FLAG_NOT_FOUND']);
  assert.deepEqual(JSON.parse(person.stderr).error, { code: 'not_found', message: said, retryable: false });
});

test('F16: all flags, a trace, a time and a snapshot', async () => {
  await put('users.ndjson', '{"targetingKey":"u1","country":"AT"}\n');
  const all = await run(['evaluate', '--flags', 'flags', '--contexts', 'users.ndjson', '--trace']);
  assert.equal(all.code, 0, all.stderr);
  const [answer] = lines(all.stdout);
  assert.equal(answer.evaluations[0].trace.decided_by, 'rule');
  const one = await run(['evaluate', 'new-checkout', '--flags', 'flags', '-e', 'staging', '-k', 'u1']);
  assert.match(one.stdout, /new-checkout {2}true {3}on {7}SPLIT/);
  const snapshot = {
    format: 'spillway.snapshot/1',
    project: 'default',
    environment: 'qa',
    number: 7,
    flags: {},
    segments: {},
    switches: {},
  };
  await put('snapshot.json', JSON.stringify(snapshot));
  const read = await run(['evaluate', '--flags', 'snapshot.json', '-k', 'u1', '--json']);
  assert.deepEqual(JSON.parse(read.stdout), { configuration: 7, evaluations: [] });
  for (const [args, code] of [
    [['nothing-like-it', '--flags', 'flags'], 3],
    [['--flags', 'flags', '-e', 'prodction', '--contexts', 'none.ndjson'], 2],
    [['--flags', 'snapshot.json', '-e', 'production'], 3],
    [['--flags', 'bad.yaml'], 5],
    [['--flags', 'flags', '--contexts', 'users.ndjson', '-k', 'u1'], 2],
    [['--contexts', 'users.ndjson'], 2],
    [['new-checkout', '-k', 'u1'], 2],
  ] as const) {
    assert.equal((await run(['evaluate', ...args])).code, code, args.join(' '));
  }
});

test('F8: flags are found in code, and what code asks for that is no flag', async () => {
  await mkdir(join(folder, 'src/node_modules'), { recursive: true });
  await put(
    'src/app.ts',
    "a();\nif (flags.boolean('new-checkout', user, false)) b();\nflags.boolean('new-chekout', user, false);\n",
  );
  await put('src/node_modules/app.ts', "'new-checkout'");
  await put('src/picture.bin', 'new-checkout\0');
  const { code, stdout, stderr } = await run(['flags', 'references', 'src', '--flags', 'flags', '--json']);
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout);
  assert.deepEqual([report.files, report.counts], [1, { 'new-checkout': 1 }]);
  assert.deepEqual(report.references, [
    { flag: 'new-checkout', path: 'app.ts', line: 2, text: "if (flags.boolean('new-checkout', user, false)) b();" },
  ]);
  assert.deepEqual([report.unknown[0].flag, report.unknown[0].line], ['new-chekout', 3]);
});

test('F16: the schema that editors use is draft-07', async () => {
  const { code, stdout } = await run(['schema']);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).$schema, 'http://json-schema.org/draft-07/schema#');
});
