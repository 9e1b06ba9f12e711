import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { estimate } from './estimate.ts';
import {
  emptyRegisters,
  MAX_RANK,
  mergeInto,
  observe,
  REGISTERS,
  type Registers,
  STANDARD_ERROR,
} from './registers.ts';
import { MAX_SKETCH_LENGTH, mergeSketches, readSketch, writeSketch } from './sketch-text.ts';

/** Independent 32-bit numbers from one seed; Mulberry32. */
function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

function registersOf(members: number, seed: number): Registers {
  const next = numbers(seed);
  const registers = emptyRegisters();
  for (let member = 0; member < members; member += 1) observe(registers, next(), next());
  return registers;
}

const anyRegisters = fc
  .dictionary(fc.nat(REGISTERS - 1).map(String), fc.integer({ min: 1, max: MAX_RANK }), { maxKeys: 900, size: 'max' })
  .map((ranks) =>
    Object.entries(ranks).reduce((all, [index, rank]) => all.fill(rank, +index, +index + 1), emptyRegisters()),
  );

function merged(...all: readonly Registers[]): Registers {
  const sum = emptyRegisters();
  for (const registers of all) mergeInto(sum, registers);
  return sum;
}

describe('estimates', () => {
  test('of nobody and of very few are exact', () => {
    assert.equal(estimate(emptyRegisters()), 0);
    for (let members = 1; members <= 5; members += 1) {
      const registers = emptyRegisters();
      for (let member = 0; member < members; member += 1) observe(registers, member << 22, 1 << 31);
      assert.equal(estimate(registers), members);
    }
  });

  for (const members of [10, 100, 1_000, 3_000, 6_000, 20_000, 200_000]) {
    test(`of ${members} are off by ${(STANDARD_ERROR * 100).toFixed(1)} % at most on average, and not to one side`, () => {
      const runs = members > 100_000 ? 40 : 200;
      const errors = Array.from({ length: runs }, (_, run) => estimate(registersOf(members, run)) / members - 1);
      const bias = errors.reduce((sum, error) => sum + error, 0) / runs;
      const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / runs);
      assert.ok(spread < STANDARD_ERROR * 1.25, `off by ${spread}`);
      assert.ok(Math.abs(bias) < (4 * STANDARD_ERROR) / Math.sqrt(runs), `to one side by ${bias}`);
      // Of ten, two pairs that meet in one register each are a fifth.
      assert.ok(errors.every((error) => Math.abs(error) < Math.max(5 * STANDARD_ERROR, 2.5 / members)));
    });
  }

  test('are what the formula comes to, also where registers can be raised no further', () => {
    const of = (...parts: readonly (readonly [rank: number, count: number])[]) =>
      estimate(Uint8Array.from(parts.flatMap(([rank, count]) => new Array<number>(count).fill(rank))));
    // Worked out apart, from the paper's algorithm 6.
    assert.equal(of([0, 1_000], [1, 500], [2, 548]), 1_417);
    assert.equal(of([0, 2_047], [MAX_RANK, 1]), 1);
    assert.equal(of([0, 1_024], [MAX_RANK, 1_024]), 1_659);
    assert.equal(of([1, 2_048]), 2_955);
    assert.equal(of([10, 1_948], [MAX_RANK, 100]), 1_590_433);
    assert.equal(of([29, 1_536], [MAX_RANK, 512]), 1_004_037_665_869);
    assert.equal(of([30, 2_048]), 1_586_259_972_792);
    assert.equal(of([30, 1_024], [MAX_RANK, 1_024]), 2_440_664_691_919);
    assert.equal(of([MAX_RANK, 2_048]), Number.POSITIVE_INFINITY);
  });

  test('of more than there are people stay finite and in order, also when nothing can be raised any more', () => {
    const at = (rank: number) => estimate(emptyRegisters().fill(rank));
    assert.ok(at(22) > 5e9 && at(22) < 2e10, String(at(22)));
    for (let rank = 1; rank < MAX_RANK; rank += 1) assert.ok(at(rank) < at(rank + 1) || rank === MAX_RANK - 1);
  });
});

describe('registers', () => {
  test('meeting somebody again changes nothing; which register was raised is told', () => {
    const registers = emptyRegisters();
    assert.equal(observe(registers, 0xffffffff, 0x00ffffff), REGISTERS - 1);
    assert.equal(registers[REGISTERS - 1], 9);
    assert.equal(observe(registers, 0xffffffff, 0x00ffffff), -1);
    assert.equal(observe(registers, 0xffffffff, 0xffffffff), -1);
    assert.equal(observe(registers, -1, 0), REGISTERS - 1);
    assert.equal(registers[REGISTERS - 1], MAX_RANK);
  });

  test('merging is commutative, associative and idempotent, and the same as having met everybody oneself', () => {
    fc.assert(
      fc.property(anyRegisters, anyRegisters, anyRegisters, (a, b, c) => {
        assert.deepEqual(merged(a, b), merged(b, a));
        assert.deepEqual(merged(merged(a, b), c), merged(a, merged(b, c)));
        assert.deepEqual(merged(a, a), a);
      }),
    );
    const next = numbers(7);
    const [one, other, both] = [emptyRegisters(), emptyRegisters(), emptyRegisters()];
    for (let member = 0; member < 5_000; member += 1) {
      const [high, low] = [next(), next()];
      observe(member % 3 === 0 ? one : other, high, low);
      observe(both, high, low);
    }
    assert.deepEqual(merged(one, other), both);
  });

  test('merging names the registers that were raised, and no others', () => {
    const registers = emptyRegisters().fill(3, 5, 7);
    assert.deepEqual(mergeInto(registers, emptyRegisters().fill(3, 6, 9)), [7, 8]);
  });
});

describe('texts', () => {
  test('are read as they were written, are never longer than a digit per register, and merge as registers do', () => {
    fc.assert(
      fc.property(anyRegisters, anyRegisters, (a, b) => {
        const [one, other] = [writeSketch(a), writeSketch(b)];
        assert.deepEqual(readSketch(one), a);
        assert.ok(one.length <= MAX_SKETCH_LENGTH);
        assert.equal(mergeSketches(one, other), writeSketch(merged(a, b)));
      }),
    );
    assert.equal(writeSketch(emptyRegisters()), 's');
    assert.equal(writeSketch(emptyRegisters().fill(3, 65, 66)), 'sBBD');
    assert.equal(writeSketch(registersOf(50_000, 1)).length, MAX_SKETCH_LENGTH);
    assert.equal(writeSketch(emptyRegisters().fill(1, 0, 682)).charAt(0), 's');
    assert.equal(writeSketch(emptyRegisters().fill(1, 0, 683)).charAt(0), 'd');
  });

  test('that say register by register what is shorter at once are refused', () => {
    const marks = (count: number) => {
      const texts = Array.from({ length: count }, (_, index) =>
        writeSketch(emptyRegisters().fill(1, index, index + 1)),
      );
      return `s${texts.map((text) => text.slice(1)).join('')}`;
    };
    assert.ok(readSketch(marks(682)));
    assert.equal(readSketch(marks(683)), undefined);
  });

  test('that are no sketches are refused, whatever they are', () => {
    const dense = (digit: string) => `d${digit.repeat(REGISTERS)}`;
    assert.ok(readSketch(dense('f')));
    for (const text of [
      ...['', 'x', 'AAB', 'sA', 'sAA', 'sAAA', 'sAAg', 'sAA!', 'sAAé', 'sgAB', 's__B', 'sABBAAB', 'sABBABB', 'd'],
      ...[
        dense('g'),
        dense('='),
        `${dense('A')}A`,
        dense('A').slice(1),
        `s${'AAB'.repeat(100_000)}`,
        ' sAAB',
        'sAAB\n',
      ],
    ]) {
      assert.equal(readSketch(text), undefined, text.slice(0, 20));
      assert.throws(() => mergeSketches('s', text), /^TypeError: Only sketches can be merged\.$/);
      assert.throws(() => mergeSketches(text, 's'), /^TypeError: Only sketches can be merged\.$/);
    }
  });
});
