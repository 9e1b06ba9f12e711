import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

test('R3: killed at random moments of running canaries, every promise holds', { timeout: 240_000 }, () => {
  const script = join(import.meta.dirname, 'run.ts');
  const done = spawnSync(process.execPath, [script, '--kills', '5', '--json'], { encoding: 'utf8', timeout: 220_000 });
  assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`);
  const report = JSON.parse(done.stdout);
  assert.equal(report.kills, 5);
  assert.equal(report.requests.failed_otherwise, 0);
  assert.deepEqual(report.writes.lost, []);
  assert.ok(report.releases.promoted >= 1 && report.releases.rolled_back >= 1, 'both ends were reached');
  assert.ok(report.writes.acknowledged > 0 && report.requests.total > 0);
});
