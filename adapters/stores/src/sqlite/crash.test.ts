import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { type ChainTip, GENESIS, verifyChain } from '@spillway/core';
import { sha256 } from '../contract.ts';
import { openSqliteStore } from './sqlite-store.ts';

const KILLS = 8;
const PAGE = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'spillway-crash-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The last version of each document that the writer was told is safe. */
async function writeUntilKilled(file: string, round: number): Promise<Map<string, number>> {
  const script = join(import.meta.dirname, 'crash-writer.ts');
  const child = spawn(process.execPath, [script, file, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), 5 + Math.random() * 100));
  const lines = (await text(child.stdout)).split('\n').slice(0, -1);
  const [, signal] = await ended;
  assert.equal(signal, 'SIGKILL', 'the writer was killed and did not fail by itself');
  return new Map(
    lines.map((line): [string, number] => {
      const [key, version] = line.split(' ');
      return [key ?? '', Number(version)];
    }),
  );
}

test(`every acknowledged commit survives ${KILLS} kills with SIGKILL, and the chain verifies`, async () => {
  const file = join(folder, 'crash.db');
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < KILLS; round += 1) {
    for (const [key, version] of await writeUntilKilled(file, round)) acknowledged.set(key, version);
    const store = await openSqliteStore({ file, sha256 });
    for (const [key, version] of acknowledged) {
      const stored = await store.read('default', 'flags', key);
      assert.ok(
        stored !== undefined && stored.version >= version,
        `${key} is at ${stored?.version}, acknowledged ${version}`,
      );
      assert.deepEqual(stored.body, { version: stored.version });
    }
    let tip: ChainTip = GENESIS;
    const head = await store.head('default');
    while (tip.seq < head.seq) {
      const verdict = verifyChain(await store.entries('default', { after: tip.seq, limit: PAGE }), sha256, tip);
      assert.ok(verdict.is === 'intact', JSON.stringify(verdict));
      tip = verdict.tip;
    }
    assert.deepEqual(tip, head);
    await store.close();
  }
  assert.ok(acknowledged.size >= KILLS);
});
