import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ANSWER_HEADER_BYTES_MAX, AnswerParser, INFORMATIONS_MAX } from './answer-parser.ts';

interface Parsed {
  readonly events: readonly string[];
  readonly error: string | undefined;
}

/** Feeds the pieces one by one and tells what the sink was told; neighbouring body pieces count as one. */
function parse(pieces: readonly string[], options: { readonly isHead?: boolean; readonly end?: boolean } = {}): Parsed {
  const events: string[] = [];
  let body = '';
  const flush = () => {
    if (body !== '') events.push(`body ${body}`);
    body = '';
  };
  const parser = new AnswerParser({
    onHead(status, reason, headers, keepAlive) {
      events.push(`head ${status} ${reason} ${headers.list().join('|')} ${keepAlive ? 'keep' : 'close'}`);
      return options.isHead ?? false;
    },
    onInformation: (status, headers) => void events.push(`information ${status} ${headers.list().join('|')}`),
    onPiece: (piece) => {
      body += piece.text();
    },
    onWhole: (trailers) => {
      flush();
      events.push(`whole ${trailers.list().join('|')}`);
    },
  });
  let error: string | undefined;
  for (const piece of pieces) {
    error ??= parser.execute(Buffer.from(piece, 'latin1'));
    if (error !== undefined) break;
  }
  if (error === undefined && options.end) error = parser.finish();
  flush();
  parser.free();
  return { events, error };
}

const WHOLE: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a length',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Empty:\r\n\r\nhello',
    ['head 200 OK Content-Length|5|X-Empty| keep', 'body hello', 'whole '],
  ],
  [
    'chunks and trailers',
    'HTTP/1.1 200 Fine and well\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 6\r\n\r\n',
    ['head 200 Fine and well Transfer-Encoding|chunked keep', 'body hello!', 'whole X-Sum|6'],
  ],
  ['no content', 'HTTP/1.1 204 No Content\r\nX-A: \xe4\r\n\r\n', ['head 204 No Content X-A|\xe4 keep', 'whole ']],
  [
    'hints before it',
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    ['information 103 Link|</a>', 'head 200 OK Content-Length|0 keep', 'whole '],
  ],
  [
    'a wish to close',
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx',
    ['head 200 OK Connection|close|Content-Length|1 close', 'body x', 'whole '],
  ],
  ['no reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', ['head 200  Content-Length|0 keep', 'whole ']],
];

for (const [name, bytes, events] of WHOLE) {
  test(`an answer with ${name} is read the same however it is cut into pieces`, () => {
    assert.deepEqual(parse([bytes]), { events, error: undefined });
    assert.deepEqual(parse([...bytes]), { events, error: undefined });
    for (let cut = 1; cut < bytes.length; cut++) {
      assert.deepEqual(parse([bytes.slice(0, cut), bytes.slice(cut)]), { events, error: undefined }, `cut at ${cut}`);
    }
  });
}

test('an answer to HEAD has no body, whatever length it names', () => {
  const { events, error } = parse(['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'], { isHead: true });
  assert.equal(error, undefined);
  assert.deepEqual(events.at(-1), 'whole ');
});

test('an answer without a length ends with its connection; one with a length must have it all by then', () => {
  assert.deepEqual(parse(['HTTP/1.1 200 OK\r\n\r\nall of it'], { end: true }), {
    events: ['head 200 OK  close', 'body all of it', 'whole '],
    error: undefined,
  });
  for (const bytes of [
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
    'HTTP/1.1 200 OK\r\nX-A',
    '',
  ]) {
    assert.notEqual(parse([bytes], { end: true }).error, undefined, bytes);
  }
});

const REFUSED: readonly (readonly [string, string])[] = [
  ['both framings', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n'],
  ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n'],
  ['a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n\r\n'],
  ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['a bare carriage return', 'HTTP/1.1 200 OK\r\nX-A: b\rc\r\n\r\n'],
  ['a NUL', 'HTTP/1.1 200 OK\r\nX-A: b\0\r\n\r\n'],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n'],
  ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
  ['a signed chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\n'],
  ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n'],
  ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['an upgrade that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
  [
    'a second answer behind it',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  ],
  ['more bytes than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc'],
  ['a header that is too large', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(ANSWER_HEADER_BYTES_MAX)}\r\n\r\n`],
  ['endless hints', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(INFORMATIONS_MAX + 1)],
];

for (const [name, bytes] of REFUSED) {
  test(`an answer with ${name} is refused, at once and byte by byte`, () => {
    assert.notEqual(parse([bytes]).error, undefined);
    assert.notEqual(parse(bytes.length > 2_000 ? [bytes] : [...bytes]).error, undefined);
  });
}

test('an exception of the sink becomes an error and the parser stays usable for others', () => {
  const failing = new AnswerParser({
    onHead: () => {
      throw new Error('the sink failed');
    },
    onInformation: () => undefined,
    onPiece: () => undefined,
    onWhole: () => undefined,
  });
  assert.equal(failing.execute(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')), 'the sink failed');
  failing.free();
  assert.equal(parse(['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n']).error, undefined);
});

test('whatever bytes come, two ways of cutting them tell the same', () => {
  const piece = fc.constantFrom(
    'HTTP/1.1 200 OK',
    '\r\n',
    '\n',
    '\r',
    'Content-Length: 3',
    'Transfer-Encoding: chunked',
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
      const bytes = `HTTP/1.1 200 OK\r\n${parts.join('')}`;
      const places = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
      const pieces = [0, ...places]
        .map((from, i) => bytes.slice(from, places[i] ?? bytes.length))
        .filter((each) => each !== '');
      const once = parse([bytes], { end: true });
      const cut = parse(pieces, { end: true });
      assert.equal(cut.error === undefined, once.error === undefined);
      if (once.error === undefined) assert.deepEqual(cut.events, once.events);
    }),
    { numRuns: 2_000 },
  );
});
