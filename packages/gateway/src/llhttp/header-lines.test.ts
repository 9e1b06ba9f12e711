import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RequestParser } from '../clients/request-parser.ts';
import { HeaderLines } from './header-lines.ts';

interface Read {
  readonly list: readonly string[];
  readonly text: string;
  /** Without the second line. */
  readonly around: string;
}

/** What a parser has read of a request with these header lines, which come in these pieces. */
function read(lines: string, cut: (bytes: string) => readonly string[] = (bytes) => [bytes]): Read | undefined {
  let seen: Read | undefined;
  const parser = new RequestParser({
    onBegin: () => undefined,
    onHead({ lines }) {
      seen = { list: lines.list(), text: lines.text(), around: lines.text(0, 1) + lines.text(2) };
      return 'go on';
    },
    onPiece: () => undefined,
    onWhole: () => 'go on',
  });
  for (const piece of cut(`GET / HTTP/1.1\r\n${lines}\r\n`)) parser.execute(Buffer.from(piece, 'latin1'));
  parser.free();
  return seen;
}

test('lines are passed on as name, colon, one space and value, however they were written', () => {
  for (const lines of ['A: 1\r\nB: 2\r\nC: 3\r\n', 'A:1\r\nB:   2 \t\r\nC:\t3\r\n', 'A: 1 \r\nB: 2\r\nC:3\r\n']) {
    for (const cut of [(all: string) => [all], (all: string) => [...all]]) {
      assert.deepEqual(read(lines, cut), {
        list: ['A', '1', 'B', '2', 'C', '3'],
        text: 'A: 1\r\nB: 2\r\nC: 3\r\n',
        around: 'A: 1\r\nC: 3\r\n',
      });
    }
  }
});

test('an empty value stays one, with blanks or without', () => {
  for (const lines of ['A:\r\nB:  \r\nC: 3\r\n', 'A: \r\nB:\t\r\nC:3\r\n']) {
    assert.equal(read(lines)?.text, 'A: \r\nB: \r\nC: 3\r\n');
    assert.equal(read(lines, (all) => [...all])?.text, 'A: \r\nB: \r\nC: 3\r\n');
  }
});

test('what is read of a request does not depend on the requests before it in the same piece', () => {
  const first = 'POST / HTTP/1.1\r\nContent-Length: 3\r\nX-First: 1\r\n\r\nabc';
  assert.deepEqual(
    read('A: 1\r\nB: 2\r\n', (all) => [first + all.slice(0, 20), all.slice(20)]),
    read('A: 1\r\nB: 2\r\n'),
  );
});

test('any lines come out as they went in, wherever they are cut', () => {
  const name = fc
    .stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/)
    .filter((each) => !/^(connection|content-length|transfer-encoding|upgrade|proxy-connection)$/i.test(each));
  const value = fc.stringMatching(/^(?:[!-~\x80-\xff](?:[ -~\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/);
  const blanks = fc.constantFrom('', ' ', '\t', '  ');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, value, blanks, blanks), { minLength: 2, maxLength: 8 }),
      fc.nat(),
      (lines, at) => {
        const bytes = lines.map(([each, of, before, behind]) => `${each}:${before}${of}${behind}\r\n`).join('');
        const cut = (all: string) =>
          [all.slice(0, at % all.length), all.slice(at % all.length)].filter((piece) => piece !== '');
        const expected = lines.map(([each, of]) => `${each}: ${of}\r\n`);
        assert.equal(read(bytes, cut)?.text, expected.join(''));
        assert.equal(read(bytes, cut)?.around, expected.filter((_, i) => i !== 1).join(''));
      },
    ),
  );
});

test('names are compared without regard to case, and to nothing else', () => {
  const lines = HeaderLines.of(['X_User', '1', 'DATE', '2', 'M\rte', '3']);
  assert.equal(lines.isNamed(0, 'x_user'), true);
  assert.equal(lines.isNamed(0, 'x\x7fuser'), false);
  assert.equal(lines.isNamed(1, 'date'), true);
  assert.equal(lines.isNamed(1, 'data'), false);
  assert.equal(lines.isNamed(2, 'm-te'), false);
  assert.equal(lines.nameAmong(1, ['host', 'date']), 'date');
  assert.equal(lines.nameAmong(1, ['host']), undefined);
});
