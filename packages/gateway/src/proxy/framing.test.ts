import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Backend, exchangeRaw, type GatewayProcess, startBackend, startGatewayProcess } from '../testing/index.ts';

let gateway: GatewayProcess;
let backend: Backend;
/** Requests that reached the instance: `method path length`. */
let seen: string[] = [];

before(async () => {
  backend = await startBackend((request, response) => {
    let length = 0;
    request.on('data', (chunk: Buffer) => (length += chunk.length));
    request.on('error', () => undefined);
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${length}`);
      response.end('ok');
    });
  });
  gateway = await startGatewayProcess();
  await gateway.admin.putRoute({
    service: 'test/app',
    path_prefix: '/',
    sticky: { cookie: 'user' },
    seed: 's',
    versions: [{ version: 'v1', share: 100_000, urls: [backend.url] }],
  });
});

after(async () => {
  await gateway.stop();
  await backend.close();
});

const HOST = 'Host: a.test\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

const REFUSED: readonly (readonly [string, string])[] = [
  [
    'Content-Length together with Transfer-Encoding',
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\n${CHUNKED}\r\n0\r\n\r\n`,
  ],
  [
    'Transfer-Encoding together with Content-Length',
    `POST / HTTP/1.1\r\n${HOST}${CHUNKED}Content-Length: 3\r\n\r\n0\r\n\r\n`,
  ],
  ['two equal Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`],
  ['two different Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`],
  ['a list in Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: 3, 3\r\n\r\nabc`],
  ['a plus in Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: +3\r\n\r\nabc`],
  ['a minus in Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: -3\r\n\r\nabc`],
  ['hexadecimal Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: 0x3\r\n\r\nabc`],
  ['an empty Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: \r\n\r\nabc`],
  ['spaces inside Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length: 1 3\r\n\r\nabc`],
  [
    'a Content-Length beyond all numbers',
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 99999999999999999999999\r\n\r\nabc`,
  ],
  [
    'a Content-Length at the end of 64 bits',
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 18446744073709551615\r\n\r\nabc`,
  ],
  ['a folded header', `GET / HTTP/1.1\r\n${HOST}X-A: one\r\n two\r\n\r\n`],
  ['a header folded with a tab', `GET / HTTP/1.1\r\n${HOST}X-A: one\r\n\ttwo\r\n\r\n`],
  ['a folded Transfer-Encoding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  ['a folded first header', `GET / HTTP/1.1\r\n X-A: one\r\n${HOST}\r\n`],
  ['bare LF after the request line', `GET / HTTP/1.1\n${HOST}\r\n`],
  ['bare LF after a header', `GET / HTTP/1.1\r\nHost: a.test\nX-A: b\r\n\r\n`],
  ['bare LF at the end of the head', `GET / HTTP/1.1\r\n${HOST}\n`],
  ['bare LF everywhere', `GET / HTTP/1.1\nHost: a.test\n\n`],
  ['bare CR in a header value', `GET / HTTP/1.1\r\n${HOST}X-A: b\rc\r\n\r\n`],
  ['bare CR between headers', `GET / HTTP/1.1\r\nHost: a.test\rX-A: b\r\n\r\n`],
  ['a NUL in a header value', `GET / HTTP/1.1\r\n${HOST}X-A: b\0c\r\n\r\n`],
  ['a control character in a header value', `GET / HTTP/1.1\r\n${HOST}X-A: b\x01c\r\n\r\n`],
  ['a space before the colon', `GET / HTTP/1.1\r\n${HOST}X-A : b\r\n\r\n`],
  ['a space before the colon of Content-Length', `POST / HTTP/1.1\r\n${HOST}Content-Length : 3\r\n\r\nabc`],
  ['a space in a header name', `GET / HTTP/1.1\r\n${HOST}X A: b\r\n\r\n`],
  ['a header line without colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`],
  ['an empty header name', `GET / HTTP/1.1\r\n${HOST}: b\r\n\r\n`],
  ['a NUL in a header name', `GET / HTTP/1.1\r\n${HOST}X\0A: b\r\n\r\n`],
  ['another coding before chunked', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['another coding after chunked', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
  ['chunked twice in one line', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
  ['chunked twice in two lines', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}${CHUNKED}\r\n0\r\n\r\n`],
  ['identity coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: identity\r\n\r\nabc`],
  ['an unknown coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['a coding with a control character', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
  ['a coding in quotes', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`],
  ['chunked with a parameter', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n`],
  ['an empty coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: \r\n\r\n0\r\n\r\n`],
  ['chunked in HTTP/1.0', `POST / HTTP/1.0\r\n${HOST}${CHUNKED}\r\n0\r\n\r\n`],
  ['a chunk size that is no number', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\nzz\r\nabc\r\n0\r\n\r\n`],
  ['a signed chunk size', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n+3\r\nabc\r\n0\r\n\r\n`],
  ['a negative chunk size', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n-3\r\nabc\r\n0\r\n\r\n`],
  ['a chunk size with 0x', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n0x3\r\nabc\r\n0\r\n\r\n`],
  ['a chunk size beyond 64 bits', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n`],
  ['an empty chunk size', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n\r\nabc\r\n0\r\n\r\n`],
  ['a space before the chunk size', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n 3\r\nabc\r\n0\r\n\r\n`],
  ['a space after the chunk size', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3 \r\nabc\r\n0\r\n\r\n`],
  ['a chunk longer than its size', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3\r\nabcd\r\n0\r\n\r\n`],
  ['bare LF after a chunk size', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3\nabc\r\n0\r\n\r\n`],
  ['bare LF after a chunk', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3\r\nabc\n0\r\n\r\n`],
  ['bare CR after a chunk size', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3\rabc\r\n0\r\n\r\n`],
  ['bare LF in a chunk extension', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3;a\nb\r\nabc\r\n0\r\n\r\n`],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two Host', `GET / HTTP/1.1\r\n${HOST}Host: b.test\r\n\r\n`],
  ['a Host with a path', 'GET / HTTP/1.1\r\nHost: a.test/x\r\n\r\n'],
  ['a Host with a user', 'GET / HTTP/1.1\r\nHost: user@a.test\r\n\r\n'],
  ['a Host with a space', 'GET / HTTP/1.1\r\nHost: a.test b.test\r\n\r\n'],
  ['a target that is no path', `GET nonsense HTTP/1.1\r\n${HOST}\r\n`],
  ['a target of another scheme', `GET ftp://a.test/ HTTP/1.1\r\n${HOST}\r\n`],
  ['a target with a user', `GET http://me@a.test/ HTTP/1.1\r\n${HOST}\r\n`],
  ['a target with a fragment', `GET /a#b HTTP/1.1\r\n${HOST}\r\n`],
  ['a tab in the request line', `GET\t/ HTTP/1.1\r\n${HOST}\r\n`],
  ['a space at the end of the request line', `GET / HTTP/1.1 \r\n${HOST}\r\n`],
  ['an unknown method', `GARBAGE / HTTP/1.1\r\n${HOST}\r\n`],
  ['a method in small letters', `get / HTTP/1.1\r\n${HOST}\r\n`],
  ['HTTP/0.9', 'GET /\r\n\r\n'],
  ['a Connection header that is no list of names', `GET / HTTP/1.1\r\n${HOST}Connection: a b; c=\x80\r\n\r\n`],
];

for (const [name, bytes] of REFUSED) {
  test(`a request with ${name} is refused and does not reach an instance`, async () => {
    seen = [];
    const answer = await exchangeRaw(gateway.port, bytes);
    assert.match(answer, /^HTTP\/1\.1 (?:400|505) .*\r\nconnection: close/is);
    assert.equal(answer.match(/^HTTP\/1\.1 \d/gm)?.length, 1, 'one answer only');
    assert.deepEqual(seen, []);
  });
}

const PASSED: readonly (readonly [string, string, string])[] = [
  ['two spaces after the method', `GET  /a HTTP/1.1\r\n${HOST}\r\n`, 'GET /a 0'],
  ['two spaces before the version', `GET /a  HTTP/1.1\r\n${HOST}\r\n`, 'GET /a 0'],
  ['spaces around a length', `POST /a HTTP/1.1\r\n${HOST}Content-Length:   3  \r\n\r\nabc`, 'POST /a 3'],
  ['chunks with an extension', `POST /a HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3;a=b\r\nabc\r\n0\r\n\r\n`, 'POST /a 3'],
  [
    'chunked in capitals',
    `POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: CHUNKED\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    'POST /a 3',
  ],
  ['trailers', `POST /a HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n`, 'POST /a 3'],
  ['an absolute target', `GET http://b.test/x?y=1 HTTP/1.1\r\n${HOST}\r\n`, 'GET /x?y=1 0'],
  ['a body on GET', `GET /a HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc`, 'GET /a 3'],
  ['a body on DELETE', `DELETE /a HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc`, 'DELETE /a 3'],
  ['an empty body', `POST /a HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`, 'POST /a 0'],
  ['Latin-1 in a header', `GET /a HTTP/1.1\r\n${HOST}X-A: \xe4\r\n\r\n`, 'GET /a 0'],
  ['HTTP/1.0', 'GET /a HTTP/1.0\r\n\r\n', 'GET /a 0'],
];

for (const [name, bytes, expected] of PASSED) {
  test(`a request with ${name} arrives as it was meant`, async () => {
    seen = [];
    const answer = await exchangeRaw(gateway.port, bytes, 200);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
    assert.deepEqual(seen, [expected]);
  });
}

test('a header that is too large and a header with too many lines get 431', async () => {
  const large = await exchangeRaw(gateway.port, `GET / HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(17_000)}\r\n\r\n`);
  assert.match(large, /^HTTP\/1\.1 431 /);
  const many = await exchangeRaw(gateway.port, `GET / HTTP/1.1\r\n${HOST}${'X-A: b\r\n'.repeat(101)}\r\n`);
  assert.match(many, /^HTTP\/1\.1 431 /);
});

test('requests behind one that this gateway itself refuses do not reach an instance', async () => {
  seen = [];
  const answer = await exchangeRaw(
    gateway.port,
    `GET / HTTP/1.1\r\n${HOST}${HOST}\r\nGET /behind HTTP/1.1\r\n${HOST}\r\n`,
  );
  assert.equal(answer.match(/^HTTP\/1\.1 \d/gm)?.length, 1);
  assert.deepEqual(seen, []);
});

test('what follows a refused request on its connection is not read as a request', async () => {
  seen = [];
  const smuggled = `POST / HTTP/1.1\r\n${HOST}Content-Length: 6\r\n${CHUNKED}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n${HOST}\r\n`;
  const answer = await exchangeRaw(gateway.port, smuggled);
  assert.equal(answer.match(/^HTTP\/1\.1 \d/gm)?.length, 1);
  assert.deepEqual(seen, []);
});
