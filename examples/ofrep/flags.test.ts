import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { createClient } from '@spillway/contract/client';
import { startSpillway, temporaryDirectory, withoutSpillway } from '../../apps/server/src/start-testing.ts';

const SCRIPT = join(import.meta.dirname, 'flags.sh');
const directory = temporaryDirectory();
after(() => directory.remove());

test('P2: a shell asks for one flag, for all, for nothing new, and again when it is told to', async () => {
  const spillway = await startSpillway(directory.path);
  try {
    const { token } = JSON.parse(readFileSync(join(directory.path, 'client.json'), 'utf8')) as {
      readonly token: string;
    };
    const api = createClient({ baseUrl: spillway.url, token });
    const key = await api.call('createToken', { body: { name: 'shell', kind: 'sdk', environment: 'staging' } });
    assert.ok(key.ok);
    assert.ok((await api.call('createFlag', { body: { key: 'new-checkout' } })).ok);

    const script = spawn('sh', [SCRIPT, 'new-checkout', 'user-42'], {
      env: { ...withoutSpillway(process.env), SPILLWAY_URL: spillway.url, SPILLWAY_SDK_KEY: key.value.secret },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const line of createInterface(script.stdout)) {
      lines.push(line);
      if (line !== 'waiting for a change') continue;
      const params = { key: 'new-checkout', environment: 'staging' };
      const turned = await api.call('updateFlagEnvironment', { params, body: { enabled: true } });
      assert.ok(turned.ok, JSON.stringify(turned));
    }
    assert.equal(lines.length, 6, lines.join('\n'));
    assert.match(lines[0] ?? '', /^one: \{"key":"new-checkout","value":false,/);
    assert.deepEqual(lines.slice(1, 4), ['all: 200', 'again: 304', 'waiting for a change']);
    assert.match(lines[4] ?? '', /^told: \{"type":"refetchEvaluation","etag":/);
    assert.match(lines[5] ?? '', /^one: \{"key":"new-checkout","value":true,/);
  } finally {
    await spillway.stop();
  }
});
