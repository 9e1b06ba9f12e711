import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

async function signIn(to: World, headers: Readonly<Record<string, string>> = {}) {
  const code = to.control.access.createSignInCode();
  const answer = await to.call('POST', '/api/v1/session', { body: { code }, headers });
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  return { code, answer, cookie, sent: cookie.split(';')[0] ?? '' };
}

test('a sign-in code works once and gives a cookie that scripts cannot read', async () => {
  const { code, answer, cookie } = await signIn(world);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { name: 'admin', kind: 'admin', project: 'default' });
  assert.match(cookie, /^spillway_session=[^;]+; Path=\/; Expires=[^;]+ GMT; HttpOnly; SameSite=Strict$/);
  const again = await world.call('POST', '/api/v1/session', { body: { code } });
  assert.equal(again.status, 401);
  const forged = await world.call('POST', '/api/v1/session', { body: { code: 'x'.repeat(43) } });
  assert.equal(forged.status, 401);
});

test('an admin can have another sign-in code made, nobody else can', async () => {
  const made = await world.call('POST', '/api/v1/session/codes', { token: world.adminToken });
  assert.equal(made.status, 201);
  assert.equal(made.json.path, `/sign-in#code=${made.json.code}`);
  assert.ok(Math.abs(Number(made.json.expires_at_ms) - Date.now() - 600_000) < 5_000);
  const signedIn = await world.call('POST', '/api/v1/session', { body: { code: made.json.code } });
  assert.equal(signedIn.status, 200);
  assert.equal((await world.call('POST', '/api/v1/session/codes', { token: world.sdkKey })).status, 403);
});

test('behind HTTPS the cookie is bound to the host', async () => {
  const secure = await createWorld({ publicOrigin: 'https://spillway.example.org' });
  try {
    const { cookie, answer } = await signIn(secure, { origin: 'https://spillway.example.org' });
    assert.match(cookie, /^__Host-spillway_session=.*; HttpOnly; SameSite=Strict; Secure$/);
    assert.match(String(answer.headers['strict-transport-security']), /max-age=/);
  } finally {
    await secure.close();
  }
});

test('a session reads from anywhere on this server, and writes only when the page is ours', async () => {
  const { sent } = await signIn(world);
  const write = (headers: Readonly<Record<string, string>>) =>
    world.call('POST', '/api/v1/environments', { headers: { cookie: sent, ...headers }, body: { key: 'x' } });
  const host = `127.0.0.1:${world.port}`;
  for (const [what, headers] of Object.entries({
    'no word of where from': {},
    'another site': { 'sec-fetch-site': 'cross-site' },
    'a sibling domain': { 'sec-fetch-site': 'same-site' },
    'an address bar': { 'sec-fetch-site': 'none' },
    'another origin': { origin: 'https://evil.example' },
    'no origin': { origin: 'null' },
    'another port': { origin: 'http://127.0.0.1:1' },
    'a good word and a bad one': { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
  })) {
    const answer = await write(headers);
    assert.equal(answer.status, 403, what);
    assert.equal(answer.problem.errors?.[0]?.field, 'Origin');
  }
  assert.equal((await write({ origin: `http://${host}` })).status, 201);
  assert.equal((await write({ 'sec-fetch-site': 'same-origin' })).problem.code, 'exists');
  assert.equal((await world.call('GET', '/api/v1/session', { headers: { cookie: sent } })).status, 200);
  const foreign = { cookie: sent, 'sec-fetch-site': 'cross-site' };
  assert.equal((await world.call('GET', '/api/v1/feature-flags', { headers: foreign })).status, 403);
});

test('a page of another site cannot sign a browser in either', async () => {
  const { answer } = await signIn(world, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
  assert.equal(answer.status, 403);
});

test('a wrong token is not passed over in favour of the cookie', async () => {
  const { sent } = await signIn(world);
  const answer = await world.call('GET', '/api/v1/session', { token: 'junk', headers: { cookie: sent } });
  assert.equal(answer.status, 401);
});

test('signing out ends the session on the server and takes the cookie away', async () => {
  const { sent } = await signIn(world);
  const headers = { cookie: sent, 'sec-fetch-site': 'same-origin' };
  const out = await world.call('DELETE', '/api/v1/session', { headers });
  assert.equal(out.status, 204);
  assert.match(String(out.headers['set-cookie']), /^spillway_session=; .*Expires=Thu, 01 Jan 1970/);
  assert.equal((await world.call('GET', '/api/v1/session', { headers })).status, 401);
});
