import { A_FACTOR, A_START, B_FACTOR, B_START } from '../lanes.ts';
import * as code from './code.ts';
import { type Code, constant, local, or, put, unsigned, xor } from './code.ts';

/** Functions by their numbers; the engine brings the first two. */
const CODE_AT = 0;
const LENGTH_OF = 1;
const HASH = 2;

/** The hash's parameter and its variables. */
const TEXT = 0;
const LENGTH = 1;
const A = 2;
const B = 3;
const AT = 4;
const WORD = 5;
const ODD = 6;
const SEEN = 7;
const SHIFT = 8;
const VARIABLES = 8;

/** What is exported, by the format's numbers. */
const FUNCTION = 0;
const MEMORY = 2;

const INTEGER = 0x7f;
const TEXT_TYPE = 0x6f;

/**
 * A module of `hash(text)`, 0 for text that is not ASCII, which leaves the lanes as the first two integers of `memory`: what
 * `hashAscii` does, where the characters are read without asking for each in what form the engine keeps the text.
 */
export function hashModule(): Uint8Array<ArrayBuffer> {
  const types = [signature([TEXT_TYPE, INTEGER], [INTEGER]), signature([TEXT_TYPE], [INTEGER])];
  const memory = [0, 1];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [imported('charCodeAt', 0), imported('length', 1)]),
    ...section(3, [[1]]),
    ...section(5, [memory]),
    ...section(7, [exported('hash', FUNCTION, HASH), exported('memory', MEMORY, 0)]),
    ...section(10, [body(hash())]),
  ]);
}

function hash(): Code {
  const next = (count: number) => put(AT, code.sum(local(AT), constant(count)));
  return [
    ...put(LENGTH, code.call(LENGTH_OF, local(TEXT))),
    ...put(A, constant(A_START)),
    ...put(B, constant(B_START)),
    ...code.whilst(code.isLess(code.sum(local(AT), constant(3)), local(LENGTH)), [
      ...fourCharacters(),
      ...round(),
      ...next(4),
    ]),
    ...code.when(code.isLess(local(AT), local(LENGTH)), [
      ...put(WORD, constant(0)),
      ...code.whilst(code.isLess(local(AT), local(LENGTH)), [...oneCharacter(), ...next(1)]),
      ...round(),
    ]),
    ...code.store(0, xor(local(A), local(LENGTH))),
    ...code.store(4, xor(local(B), local(LENGTH))),
    // Two characters of 16 bits each were seen at once.
    ...code.isZero(code.and(local(SEEN), constant(0xff80ff80))),
  ];
}

/** The first and third, the second and fourth share a word, in which nothing of a character is lost before it was seen. */
function fourCharacters(): Code {
  const pair = (first: number) => or(codeAt(first), code.left(codeAt(first + 2), constant(16)));
  return [
    ...put(WORD, pair(0)),
    ...put(ODD, pair(1)),
    ...put(SEEN, or(local(SEEN), or(local(WORD), local(ODD)))),
    ...put(WORD, or(local(WORD), code.left(local(ODD), constant(8)))),
  ];
}

function oneCharacter(): Code {
  return [
    ...put(ODD, codeAt(0)),
    ...put(SEEN, or(local(SEEN), local(ODD))),
    ...put(WORD, or(local(WORD), code.left(local(ODD), local(SHIFT)))),
    ...put(SHIFT, code.sum(local(SHIFT), constant(8))),
  ];
}

function codeAt(offset: number): Code {
  return code.call(CODE_AT, local(TEXT), code.sum(local(AT), constant(offset)));
}

function round(): Code {
  const mixed = (lane: number, before: Code, factor: number, by: number) => [
    ...put(lane, code.product(xor(before, local(WORD)), constant(factor))),
    ...put(lane, xor(local(lane), code.right(local(lane), constant(by)))),
  ];
  return [...mixed(A, local(A), A_FACTOR, 15), ...mixed(B, code.turnedLeft(local(B), constant(11)), B_FACTOR, 13)];
}

function signature(parameters: Code, results: Code): Code {
  return [0x60, ...vector(parameters), ...vector(results)];
}

function imported(name: string, type: number): Code {
  return [...text('wasm:js-string'), ...text(name), 0, type];
}

function exported(name: string, kind: number, index: number): Code {
  return [...text(name), kind, index];
}

function body(instructions: Code): Code {
  return vector([1, VARIABLES, INTEGER, ...instructions, ...code.end]);
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, ...vector([...unsigned(entries.length), ...entries.flat()])];
}

function text(characters: string): Code {
  return vector(Array.from(characters, (character) => character.charCodeAt(0)));
}

function vector(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes];
}
