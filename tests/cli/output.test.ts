import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { broken } from '../../apps/cli/src/output/live-screen.ts';
import { harmless, paintFor, table } from '../../apps/cli/src/output/terminal.ts';
import { runToEnd, spillway } from './world.ts';

const LAUNCHER = fileURLToPath(new URL('../../apps/cli/bin/spillway.js', import.meta.url));

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-output-'));
});
after(() => rm(directory, { recursive: true, force: true }));

test('a reader that has seen enough ends the command in peace', async () => {
  for (const args of [['--help'], ['completion', 'bash'], ['flags', '--help']]) {
    const command = [process.execPath, LAUNCHER, ...args].map((word) => `'${word}'`).join(' ');
    // `true` is gone before the first byte is written.
    for (const reader of ['head -1', 'true']) {
      const { code, stderr } = await runToEnd('bash', ['-c', `set -o pipefail; ${command} | ${reader}`], {});
      assert.deepEqual({ args, reader, code, stderr }, { args, reader, code: 0, stderr: '' });
    }
  }
});

test('output that finds no room is said so, without a stack', { skip: !existsSync('/dev/full') }, async () => {
  const { code, stderr } = await runToEnd('bash', ['-c', `'${process.execPath}' '${LAUNCHER}' --help > /dev/full`], {});
  assert.deepEqual({ code, stderr }, { code: 1, stderr: 'The output cannot be written: the disk is full.\n' });
});

test('colour is for terminals that want it', () => {
  const terminal = { isTTY: true } as NodeJS.WriteStream;
  const isColoured = (stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv) =>
    paintFor(stream, environment).canary('x') !== 'x';
  assert.equal(isColoured(terminal, { TERM: 'xterm' }), true);
  assert.equal(isColoured(terminal, { TERM: 'xterm', NO_COLOR: '' }), true, 'as no-color.org has it');
  assert.equal(isColoured(terminal, { TERM: 'xterm', NO_COLOR: '1' }), false);
  assert.equal(isColoured(terminal, { TERM: 'dumb' }), false);
  assert.equal(isColoured({ isTTY: false } as NodeJS.WriteStream, { TERM: 'xterm' }), false);
});

test('lines are broken at the edge of the terminal by what is seen, between words, and keep their colours', () => {
  assert.deepEqual(broken('  \u001b[33mone two\u001b[39m three', 9), ['  \u001b[33mone two\u001b[39m', '  three']);
  assert.deepEqual(broken('  abcdefgh', 5), ['  abc', '  def', '  gh']);
  assert.deepEqual(broken('short', 80), ['short']);
  assert.deepEqual(broken('', 80), ['']);
  assert.equal(table(['A', 'B'], [['long', 'x']]), 'A     B\nlong  x');
  assert.equal(table(['A', 'B', 'C'], [['long', undefined, 'x']]), 'A     B  C\nlong     x');
});

test('what other people wrote cannot steer the terminal', () => {
  assert.equal(harmless('a\u001b[2Jb\u001b]0;title\u0007c\rd\u009be'), 'a[2Jb]0;titlecde');
  assert.equal(harmless('two\nlines \u001b[33mamber\u001b[39m ✔ ü'), 'two\nlines \u001b[33mamber\u001b[39m ✔ ü');
});

const COMPLETIONS: readonly (readonly [string, readonly string[]])[] = [
  ['spillway rol', ['rollout']],
  ['spillway flags cr', ['create']],
  ['spillway flag se', ['set']],
  ['spillway rollout apply --wat', ['--watch']],
  ['spillway -x rollout --nonsense get --ti', ['--timeout']],
  ['spillway audit v', ['verify']],
];

test('bash completes commands, their other names, and options', async () => {
  const { stdout: script } = await spillway(['completion', 'bash']);
  const file = join(directory, 'completion.bash');
  await writeFile(file, script);
  for (const [typed, expected] of COMPLETIONS) {
    const words = typed.split(' ');
    const ask = `source '${file}'; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _spillway; echo "\${COMPREPLY[*]}"`;
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', ask]);
    assert.deepEqual(stdout.trim().split(' '), expected, typed);
  }
});

test('the other shells get a script too, and an unknown one a list of those that do', async () => {
  const { stdout: zsh } = await spillway(['completion', 'zsh']);
  assert.match(zsh, /^#compdef spillway\n/);
  assert.match(zsh, /'flags:create'\) place='flags\/create' ;;/);
  const { stdout: fish } = await spillway(['completion', 'fish']);
  assert.match(fish, /case 'rollout:apply'\n +set place 'rollout\/apply'/);
  assert.match(fish, /^complete -c spillway -n .*"rollout\/apply"' -a '.*--watch/m);
  const { code, stderr } = await spillway(['completion', 'tcsh']);
  assert.equal(code, 2);
  assert.match(stderr, /Allowed choices are bash, zsh, fish/);
});
