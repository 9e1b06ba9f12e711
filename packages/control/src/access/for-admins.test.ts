import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accept, type Outcome, type Principal } from '@spillway/core';
import type { Call } from '../call.ts';
import { forAdmins } from './for-admins.ts';

const ADMIN: Principal = { kind: 'admin', project: 'default', name: 'ann', via: 'token' };
const APPLICATION: Principal = { kind: 'sdk', project: 'default', name: 'shop', environment: 'production' };
const PAGE: Principal = { kind: 'client', project: 'default', name: 'shop', environment: 'production' };

test('P8: behind the gate nothing runs for any key but an admin’s, and an admin gets what the use case answers', async () => {
  const ran: string[] = [];
  const gated = forAdmins({
    async read({ principal }: Call, key: string): Promise<Outcome<string>> {
      ran.push(key);
      return accept(`${key} of ${principal.name}`);
    },
    async write(_: Call, key: string, version: number): Promise<Outcome<number>> {
      ran.push(key);
      return accept(version + 1);
    },
  });
  for (const principal of [APPLICATION, PAGE]) {
    for (const answer of [await gated.read({ principal }, 'a'), await gated.write({ principal }, 'b', 1)]) {
      assert.equal(answer.ok ? 'answered' : answer.refusal.code, 'forbidden');
    }
  }
  assert.deepEqual(ran, []);
  assert.deepEqual(await gated.read({ principal: ADMIN }, 'a'), accept('a of ann'));
  assert.deepEqual(await gated.write({ principal: ADMIN }, 'b', 1), accept(2));
});
