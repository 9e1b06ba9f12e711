import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createClient } from './client.ts';

let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
const server = createServer((request, response) => answer(request, response));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => {
  server.closeAllConnections();
  server.close();
});

test('a body that contains itself is refused as such, not as a server that does not answer', async () => {
  const variants: unknown[] = [];
  variants.push(variants);
  const client = createClient({ baseUrl: 'http://127.0.0.1:1', token: 'x' });
  const answer = await client.call('createFlag', { body: { key: 'a', variants: variants as never } });
  assert.equal(answer.ok, false);
  assert.equal(!answer.ok && answer.problem.code, 'invalid');
  assert.match(answer.ok ? '' : answer.problem.detail, /circular/);
});

test('a call puts parameters, query, version, key, token and body where the route wants them', async () => {
  const seen: Record<string, unknown> = {};
  answer = (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      Object.assign(seen, { method: request.method, url: request.url, headers: request.headers, body });
      response.end('{"key":"a"}');
    });
  };
  const client = createClient({ baseUrl: `${baseUrl}/`, token: 's3cret' });
  const result = await client.call('updateFlagEnvironment', {
    params: { key: 'a/../b', environment: 'production' },
    query: { reason: 'more people & fun' },
    body: { percentage: 20 },
    ifMatch: 3,
    idempotencyKey: 'once',
  });
  assert.equal(result.ok, true);
  assert.equal(seen.method, 'PATCH');
  assert.equal(seen.url, '/api/v1/feature-flags/a%2F..%2Fb/environments/production?reason=more+people+%26+fun');
  assert.equal(seen.body, '{"percentage":20}');
  const headers = seen.headers as Record<string, string>;
  assert.equal(headers.authorization, 'Bearer s3cret');
  assert.equal(headers['if-match'], '"3"');
  assert.equal(headers['idempotency-key'], 'once');
  assert.equal(headers['content-type'], 'application/json');
});

test('a refusal comes back as its problem document, not as an exception', async () => {
  answer = (_, response) => {
    response.writeHead(409, { 'content-type': 'application/problem+json' });
    response.end(
      '{"type":"t","title":"Stale","status":409,"detail":"later version","code":"stale","actual_version":4}',
    );
  };
  const result = await createClient({ baseUrl }).call('getFlag', { params: { key: 'a' } });
  assert.ok(!result.ok);
  assert.equal(result.problem.code, 'stale');
  assert.equal(result.problem.actual_version, 4);
});

test('an answer that is not of this API is told apart, with its status', async () => {
  answer = (_, response) => {
    response.writeHead(502);
    response.end('<html>bad gateway</html>');
  };
  const result = await createClient({ baseUrl }).call('whoAmI', {});
  assert.ok(!result.ok);
  assert.equal(result.problem.code, 'unreadable');
  assert.equal(result.problem.status, 502);
});

test('no server, a slow server and a caller who gives up are three different codes', async () => {
  const nobody = await createClient({ baseUrl: 'http://127.0.0.1:1' }).call('whoAmI', {});
  assert.equal(nobody.ok ? '' : nobody.problem.code, 'network');
  answer = () => {};
  const slow = await createClient({ baseUrl, timeoutMs: 30 }).call('whoAmI', {});
  assert.equal(slow.ok ? '' : slow.problem.code, 'timeout');
  const givenUp = await createClient({ baseUrl }).call('whoAmI', { signal: AbortSignal.timeout(20) });
  assert.equal(givenUp.ok ? '' : givenUp.problem.code, 'aborted');
});

test('an answer without a body is undefined', async () => {
  answer = (_, response) => {
    response.writeHead(204);
    response.end();
  };
  const result = await createClient({ baseUrl }).call('signOut', {});
  assert.deepEqual(result, { ok: true, value: undefined });
});

test('the client entry loads without the validator', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    await import(${JSON.stringify(new URL('./client.ts', import.meta.url).href)});
    process.stdout.write(JSON.stringify(loaded));`;
  const loaded = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
  ) as string[];
  assert.deepEqual(
    loaded.map((url) => url.split('/').at(-1)),
    ['client.ts', 'endpoints.ts'],
  );
});
