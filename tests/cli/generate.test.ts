import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './world.ts';

const FLAGS = `apiVersion: spillway/v1
kind: Definitions
flags:
  new-checkout:
    description: The new */ checkout
  theme.colour:
    type: string
    variants: [{ name: red, value: '#f00' }, { name: blue, value: '#00f' }]
`;

let world: World;
before(async () => {
  world = await createWorld();
  await writeFile(join(world.directory, 'flags.yaml'), FLAGS);
});
after(() => world.close());

const text = (file: string) => readFile(join(world.directory, file), 'utf8');

test('P3: typed functions are made from files, and checking fails once a flag is added', async () => {
  const command = ['generate', 'ts', '--flags', 'flags.yaml', '--out', 'flags.ts'];
  assert.equal((await world.run([...command, '--check'])).code, 5, 'there is no file yet');
  const { stdout } = await world.run([...command, '--json']);
  assert.equal(JSON.parse(stdout).out, 'flags.ts');
  const code = await text('flags.ts');
  assert.match(code, /\/\*\* The new \*\\\/ checkout \*\/\n +newCheckout: \(context: EvaluationContext\): boolean =>/);
  assert.match(code, /themeColour: .*: string => client\.string\("theme\.colour", context, "#f00"\)/);
  assert.equal((await world.run([...command, '--check'])).code, 0);
  await writeFile(join(world.directory, 'flags.ts'), code.replaceAll('\n', '\r\n'));
  assert.equal((await world.run([...command, '--check'])).code, 0, 'with the line ends of Windows');
  await writeFile(join(world.directory, 'flags.yaml'), `${FLAGS}  added: {}\n`);
  const { code: exit, stderr } = await world.run([...command, '--check']);
  assert.equal(exit, 5);
  assert.match(stderr, /out of date, first in line \d+; run: spillway generate ts --flags flags\.yaml --out flags\.ts/);
});

test('P3: hooks and a manifest are made from a server; two flags of one name are refused', async () => {
  await world.run(['flags', 'create', 'new-checkout']);
  assert.equal((await world.run(['generate', 'react', '--out', 'hooks.ts'])).code, 0);
  assert.match(
    await text('hooks.ts'),
    /export const useNewCheckout = \(\) => useFlag<boolean>\("new-checkout", false\);/,
  );
  assert.equal((await world.run(['generate', 'manifest', '--out', 'flags.json'])).code, 0);
  const entry = { flagType: 'boolean', defaultValue: false, description: '' };
  assert.deepEqual(JSON.parse(await text('flags.json')).flags['new-checkout'], entry);
  await world.run(['flags', 'create', 'new.checkout']);
  const { code, stderr } = await world.run(['generate', 'ts', '--out', 'flags.ts']);
  assert.equal(code, 6);
  assert.match(stderr, /new-checkout and new\.checkout would both be called newCheckout/);
});
