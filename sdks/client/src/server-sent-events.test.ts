import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { eventsIn } from './server-sent-events.ts';

type Told = readonly (readonly [event: string, data: string])[];

function told(parts: readonly string[], most = 1_000): Told {
  const events: [string, string][] = [];
  const feed = eventsIn((event, data) => events.push([event, data]), most);
  for (const part of parts) feed(part);
  return events;
}

const cases: readonly (readonly [stream: string, Told])[] = [
  ['data: a\n\n', [['message', 'a']]],
  ['event: delta\ndata: {}\nid: 7\n\n', [['delta', '{}']]],
  ['data:a\ndata: b\ndata:  c\n\n', [['message', 'a\nb\n c']]],
  ['data\n\n', [['message', '']]],
  ['event: nothing\n\ndata: a\n\n', [['message', 'a']]],
  [': still here\n\nretry: 1000\n\n', []],
  ['data: never ended', []],
  [
    'data: a\r\n\r\ndata: b\r\rdata: c\n\n',
    [
      ['message', 'a'],
      ['message', 'b'],
      ['message', 'c'],
    ],
  ],
  ['data: a:b\nunknown: x\ndata : no\n\n', [['message', 'a:b']]],
];

test('F10: events are read as the standard has them, wherever they are cut', () => {
  for (const [stream, expected] of cases) {
    assert.deepEqual(told([stream]), expected, JSON.stringify(stream));
    assert.deepEqual(told([...stream]), expected, `${JSON.stringify(stream)}, letter by letter`);
    for (let at = 0; at <= stream.length; at += 1) {
      assert.deepEqual(told([stream.slice(0, at), stream.slice(at)]), expected, `${JSON.stringify(stream)}, at ${at}`);
    }
  }
});

test('F10: whatever text in whatever parts is read as another reader of the standard reads it', () => {
  const piece = fc.constantFrom('data', 'event', 'id', ':', ': ', ' ', '\n', '\r\n', '\n\n', 'a', '{"b":1}', 'é', '𝄞');
  fc.assert(
    fc.property(fc.array(fc.array(piece).map((pieces) => pieces.join(''))), (parts) => {
      const expected: [string, string][] = [];
      const reader = createParser({ onEvent: ({ event = 'message', data }) => expected.push([event, data]) });
      for (const part of parts) reader.feed(part);
      assert.deepEqual(told(parts), expected);
    }),
    { numRuns: 5_000 },
  );
});

test('SECURITY: an event that does not end is given up, whether in one line or in many', () => {
  assert.throws(() => told(['data: ', 'x'.repeat(600), 'x'.repeat(600)]), /too long/);
  assert.throws(() => told(Array.from({ length: 200 }, () => 'data: xxxxxxxxxx\n')), /too long/);
  assert.equal(told(Array.from({ length: 200 }, () => 'data: xxxxxxxxxx\n\n')).length, 200);
});

test('a payload of megabytes is read in time, however small its parts are', () => {
  const part = 'x'.repeat(1_000);
  const started = performance.now();
  const events = told(['data: ', ...Array.from({ length: 20_000 }, () => part), '\n\n'], 1e9);
  assert.equal(events[0]?.[1].length, 20_000_000);
  assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
});
