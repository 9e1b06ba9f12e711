import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HEADER_BYTES_MAX, type HeadVerdict, RequestParser } from './request-parser.ts';

interface Parsed {
  readonly events: readonly string[];
  readonly result: string;
}

/** Feeds the pieces one by one and tells what the sink was told; neighbouring body pieces count as one. */
function parse(
  pieces: readonly string[],
  options: {
    readonly verdict?: (target: string) => HeadVerdict;
    readonly end?: boolean;
    readonly waits?: boolean;
  } = {},
): Parsed {
  const events: string[] = [];
  let body = '';
  const parser = new RequestParser({
    onBegin: () => void events.push('begin'),
    onHead({ method, target, versionMajor, versionMinor, lines, keepAlive, isUpgrade }) {
      const flags = `${keepAlive ? 'keep' : 'close'}${isUpgrade ? ' upgrade' : ''}`;
      events.push(`head ${method} ${target} ${versionMajor}.${versionMinor} ${lines.list().join('|')} ${flags}`);
      return options.verdict?.(target) ?? 'go on';
    },
    onPiece: (piece) => {
      body += piece.text();
    },
    onWhole: () => {
      events.push(body === '' ? 'whole' : `whole ${body}`);
      body = '';
      return options.waits ? 'wait' : 'go on';
    },
  });
  let result = 'read';
  let taken: string | undefined;
  for (const piece of pieces) {
    if (taken !== undefined) {
      taken += piece;
      continue;
    }
    let came = parser.execute(Buffer.from(piece, 'latin1'));
    for (let told = -1; came === 'read' && told < events.length; came = parser.resume()) told = events.length;
    if (typeof came === 'object') taken = came.rest.toString('latin1');
    else if (came !== 'read') {
      result = came;
      break;
    }
  }
  if (taken !== undefined) result = `taken ${taken}`;
  else if (result === 'read' && options.end) result = String(parser.finish());
  if (body !== '') events.push(`part ${body}`);
  parser.free();
  return { events, result };
}

function everyCut(bytes: string): string[][] {
  const cuts = Array.from({ length: bytes.length - 1 }, (_, i) => [bytes.slice(0, i + 1), bytes.slice(i + 1)]);
  return [[bytes], [...bytes], ...cuts];
}

const HOST = 'Host: a.test\r\n';

const READ: readonly (readonly [string, string, readonly string[]])[] = [
  ['nothing but a head', `GET /a?b HTTP/1.1\r\n${HOST}\r\n`, ['begin', 'head GET /a?b 1.1 Host|a.test keep', 'whole']],
  [
    'a length, and blanks around values',
    'POST / HTTP/1.1\r\nContent-Length:  5  \r\nX-Empty:\r\nX-A: b c \t \r\n\r\nhello',
    ['begin', 'head POST / 1.1 Content-Length|5|X-Empty||X-A|b c keep', 'whole hello'],
  ],
  [
    'chunks, an extension and trailers',
    'PUT /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 6\r\n\r\n',
    ['begin', 'head PUT /p 1.1 Transfer-Encoding|chunked keep', 'whole hello!'],
  ],
  ['an old version', 'GET / HTTP/1.0\r\n\r\n', ['begin', 'head GET / 1.0  close', 'whole']],
  [
    'an old version that keeps its connection',
    'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
    ['begin', 'head GET / 1.0 Connection|keep-alive keep', 'whole'],
  ],
  [
    'others behind it',
    `POST /1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET /2 HTTP/1.1\r\n${HOST}\r\nM-SEARCH /3 HTTP/1.1\r\nX-A: \xe4\r\n\r\n`,
    [
      'begin',
      'head POST /1 1.1 Content-Length|2 keep',
      'whole ab',
      'begin',
      'head GET /2 1.1 Host|a.test keep',
      'whole',
      'begin',
      'head M-SEARCH /3 1.1 X-A|\xe4 keep',
      'whole',
    ],
  ],
  [
    'an upgrade that is not wanted, and others behind it',
    'GET /1 HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n' +
      'POST /2 HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nabGET /3 HTTP/1.1\r\n\r\n',
    [
      'begin',
      'head GET /1 1.1 Connection|upgrade|Upgrade|h2c keep upgrade',
      'whole',
      'begin',
      'head POST /2 1.1 Connection|upgrade|Upgrade|h2c|Content-Length|2 keep upgrade',
      'whole ab',
      'begin',
      'head GET /3 1.1  keep',
      'whole',
    ],
  ],
];

for (const [name, bytes, events] of READ) {
  test(`a request with ${name} is read the same however it is cut into pieces`, () => {
    for (const pieces of everyCut(bytes)) {
      assert.deepEqual(parse(pieces), { events, result: 'read' }, JSON.stringify(pieces.length));
    }
  });
}

test('what follows an upgrade that is taken is handed on byte for byte, wherever it is cut', () => {
  const head = 'GET /ws HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n';
  const behind = 'GET /smuggled HTTP/1.1\r\n\r\n\0\xff';
  for (const pieces of everyCut(head + behind)) {
    const { events, result } = parse(pieces, { verdict: () => 'take over' });
    assert.equal(result, `taken ${behind}`);
    assert.equal(events.filter((event) => event.startsWith('head')).length, 1);
  }
});

test('nothing behind a request that is refused is read, wherever it is cut', () => {
  const bytes = 'POST /no HTTP/1.1\r\nContent-Length: 1\r\n\r\naGET /behind HTTP/1.1\r\n\r\n';
  for (const pieces of everyCut(bytes)) {
    const { events, result } = parse(pieces, { verdict: (target) => (target === '/no' ? 'stop' : 'go on') });
    assert.equal(result, 'stopped');
    assert.deepEqual(events, ['begin', 'head POST /no 1.1 Content-Length|1 keep']);
  }
});

const REFUSED: readonly (readonly [string, string])[] = [
  ['both framings', 'POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['both framings, the other way round', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n'],
  ['a signed length', 'POST / HTTP/1.1\r\nContent-Length: +2\r\n\r\n'],
  ['a list of lengths', 'POST / HTTP/1.1\r\nContent-Length: 2, 2\r\n\r\n'],
  ['a length beyond all numbers', 'POST / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n\r\n'],
  ['a coding after chunked', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n'],
  ['a folded header', 'GET / HTTP/1.1\r\nX-A: b\r\n c\r\n\r\n'],
  ['bare line feeds', 'GET / HTTP/1.1\nHost: a\n\n'],
  ['a bare carriage return', 'GET / HTTP/1.1\r\nX-A: b\rc\r\n\r\n'],
  ['a NUL', 'GET / HTTP/1.1\r\nX-A: b\0\r\n\r\n'],
  ['a space before the colon', 'GET / HTTP/1.1\r\nContent-Length : 2\r\n\r\n'],
  ['a chunk size that is no number', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
  ['a signed chunk size', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\n'],
  ['a chunk longer than its size', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n'],
  ['a method that nobody knows', 'GARBAGE / HTTP/1.1\r\n\r\n'],
  ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['the greeting of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['more behind its wish to close', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\n\r\n'],
];

for (const [name, bytes] of REFUSED) {
  test(`a request with ${name} is invalid, wherever it is cut`, () => {
    for (const pieces of everyCut(bytes)) assert.equal(parse(pieces).result, 'invalid');
  });
}

test('a head is too large from one byte beyond the limit on', () => {
  const head = (bytes: number) => `GET / HTTP/1.1\r\nX: ${'a'.repeat(bytes - 2)}\r\n\r\n`;
  assert.equal(parse([head(HEADER_BYTES_MAX)]).result, 'read');
  assert.equal(parse([head(HEADER_BYTES_MAX + 1)]).result, 'too large');
  assert.equal(parse([`GET /${'a'.repeat(HEADER_BYTES_MAX)}`]).result, 'too large');
  const next = parse([`GET / HTTP/1.1\r\n\r\n${head(HEADER_BYTES_MAX)}`]);
  assert.equal(next.result, 'read', 'each request has its own count');
});

test('a head that never ends is too large also when nothing comes of it that counts', () => {
  const blanks = Array.from({ length: 80 }, () => ' '.repeat(1_024));
  assert.equal(parse(['GET / HTTP/1.1\r\nX:', ...blanks.slice(0, 60), 'a\r\n\r\n']).result, 'read');
  assert.equal(parse(['GET / HTTP/1.1\r\nX:', ...blanks]).result, 'too large');
});

test('a connection that ends within a request leaves it invalid; between two it does not', () => {
  for (const bytes of ['GET', `GET / HTTP/1.1\r\n${HOST}`, 'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na']) {
    assert.equal(parse([bytes], { end: true }).result, 'invalid', bytes);
  }
  assert.equal(parse([`GET / HTTP/1.1\r\n${HOST}\r\n`], { end: true }).result, 'read');
});

test('a sink that waits after every request is told the same, wherever the bytes are cut', () => {
  const h2c = `GET /2 HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`;
  const post = `POST /3 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n`;
  const bytes = `GET /1 HTTP/1.1\r\n${HOST}\r\n${h2c}${post}${h2c}GET /4 HTTP/1.0\r\n\r\n`;
  const expected = parse([bytes]);
  assert.equal(expected.events.filter((event) => event.startsWith('whole')).length, 5);
  for (const pieces of everyCut(bytes)) assert.deepEqual(parse(pieces, { waits: true }), expected);
});

test('nothing behind a request after which to wait is read before it is asked for', () => {
  const targets: string[] = [];
  const parser = new RequestParser({
    onBegin: () => undefined,
    onHead: ({ target }) => {
      targets.push(target);
      return 'go on';
    },
    onPiece: () => undefined,
    onWhole: () => 'wait',
  });
  const get = (target: string) => Buffer.from(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`);
  assert.equal(parser.execute(Buffer.concat([get('/1'), get('/2')])), 'read');
  assert.equal(parser.execute(get('/3')), 'read');
  assert.deepEqual(targets, ['/1']);
  parser.resume();
  assert.deepEqual(targets, ['/1', '/2']);
  parser.resume();
  assert.deepEqual(targets, ['/1', '/2', '/3']);
  assert.equal(parser.execute(Buffer.from('NONSENSE')), 'read');
  assert.equal(parser.resume(), 'invalid');
  parser.free();
});

test('an exception of the sink is told apart from invalid bytes, and leaves the parser of others usable', () => {
  const failing = new RequestParser({
    onBegin: () => undefined,
    onHead: () => {
      throw new Error('the sink failed');
    },
    onPiece: () => undefined,
    onWhole: () => 'go on',
  });
  assert.equal(failing.execute(Buffer.from(`GET / HTTP/1.1\r\n${HOST}\r\n`)), 'failed');
  failing.free();
  assert.equal(parse([`GET / HTTP/1.1\r\n${HOST}\r\n`]).result, 'read');
});

test('a parser that its sink closes in the middle of a piece tells nothing more', () => {
  let wholes = 0;
  const parser: RequestParser = new RequestParser({
    onBegin: () => undefined,
    onHead: () => 'go on',
    onPiece: () => undefined,
    onWhole: () => {
      wholes += 1;
      parser.free();
      return 'go on';
    },
  });
  const upgrade = 'GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n';
  assert.equal(parser.execute(Buffer.from(upgrade + upgrade)), 'stopped');
  assert.equal(parser.execute(Buffer.from(upgrade)), 'stopped');
  assert.equal(wholes, 1);
});

test('whatever bytes come, two ways of cutting them tell the same', () => {
  const piece = fc.constantFrom(
    'GET / HTTP/1.1',
    'POST /a HTTP/1.1',
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\r',
    'Content-Length: 3',
    'Transfer-Encoding: chunked',
    'Connection: upgrade\r\nUpgrade: h2c\r\n',
    ': ',
    ' ',
    '3',
    'abc',
    '0',
    ';',
    'X-A',
    '\t',
    '\0',
    '\xff',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(60), { maxLength: 4 }), (parts, cuts) => {
      const bytes = `GET / HTTP/1.1\r\n${parts.join('')}`;
      const places = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
      const pieces = [0, ...places]
        .map((from, i) => bytes.slice(from, places[i] ?? bytes.length))
        .filter((each) => each !== '');
      const once = parse([bytes], { end: true });
      const cut = parse(pieces, { end: true });
      assert.equal(cut.result, once.result);
      if (once.result === 'read') assert.deepEqual(cut.events, once.events);
    }),
    { numRuns: 2_000 },
  );
});
