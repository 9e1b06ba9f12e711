import { once } from '../../once.ts';
import { compareStrictVersions, parseStrictVersion, type StrictVersion } from '../strict-versions.ts';
import { chosenOf } from './fractional.ts';
import { type Frame, fail } from './node.ts';

type Operation = (values: readonly unknown[], frame: Frame) => unknown;

/** What flagd adds to JsonLogic. What they cannot make sense of is null, which stands for the default variant. */
export const FLAGD_OPERATIONS: Readonly<Record<string, Operation>> = {
  starts_with: outside((values) => onTexts(values, (text, part) => text.startsWith(part))),
  ends_with: outside((values) => onTexts(values, (text, part) => text.endsWith(part))),
  sem_ver: outside(comparesVersions),
  fractional: outside(chosenOf),
};

/** Inside an iteration flagd's operations fail, because there its context is out of sight. */
function outside(operation: Operation): Operation {
  return (values, frame) =>
    frame.flagd === undefined ? fail('it is asked inside an iteration') : operation(values, frame);
}

function onTexts([text, part, ...others]: readonly unknown[], holds: (text: string, part: string) => boolean): unknown {
  return typeof text === 'string' && typeof part === 'string' && others.length === 0 ? holds(text, part) : null;
}

function comparesVersions([first, operator, second, ...others]: readonly unknown[]): unknown {
  if (others.length > 0 || second === undefined) return null;
  const one = versionOf(first);
  const other = versionOf(second);
  const compares = versionTests().get(String(operator));
  return one === undefined || other === undefined || compares === undefined ? null : compares(one, other);
}

const order = (holds: (order: number) => boolean) => (one: StrictVersion, other: StrictVersion) =>
  holds(compareStrictVersions(one, other));

const isSame = (count: number) => (one: StrictVersion, other: StrictVersion) =>
  one.numbers.slice(0, count).every((number, index) => number === other.numbers[index]);

const versionTests = once(
  (): ReadonlyMap<string, (one: StrictVersion, other: StrictVersion) => boolean> =>
    new Map([
      ['=', order((found) => found === 0)],
      ['!=', order((found) => found !== 0)],
      ['<', order((found) => found < 0)],
      ['<=', order((found) => found <= 0)],
      ['>', order((found) => found > 0)],
      ['>=', order((found) => found >= 0)],
      ['^', isSame(1)],
      ['~', isSame(2)],
    ]),
);

/** One leading `v` in either case is passed over; one or two numbers alone are filled up with zeros. */
function versionOf(value: unknown): StrictVersion | undefined {
  const text = String(value).replace(/^[vV]/, '');
  const [, minor] = /^\d+(\.\d+)?$/.exec(text) ?? [text, 'none'];
  const filled = minor === 'none' ? text : minor === undefined ? `${text}.0.0` : `${text}.0`;
  return parseStrictVersion(filled);
}
