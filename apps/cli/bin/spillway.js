#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: it hands over to the Node that Spillway brings along.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 26;
const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '../src/main.ts');
const main = existsSync(source) ? source : join(here, '../dist/cli.js');

if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) {
  await import('./compile-cache.js');
  await import(main);
} else {
  handOver(newerNode());
}

function newerNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary)) return binary;
  } catch {
    // Told below: the remedy is the same whether the package or its binary is missing.
  }
  console.error(
    `spillway needs Node ${OLDEST_MAJOR} or newer; this is ${process.version}, and the "node" package that brings it is not installed here.\n` +
      'Run the installation again without --ignore-scripts (npm install spillway), or install a newer Node.',
  );
  process.exit(1);
}

function handOver(binary) {
  const cache = new URL('./compile-cache.js', import.meta.url).href;
  const child = spawn(binary, ['--import', cache, main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
  child.on('error', (error) => {
    console.error(`spillway could not start ${binary}: ${error.message}`);
    process.exit(1);
  });
}
