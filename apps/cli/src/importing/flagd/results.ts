import { isSource } from '../source.ts';

/** What an expression can answer, as far as its text tells: never less than it can. */
export interface Results {
  readonly names: ReadonlySet<string>;
  /** Nothing at all, for which flagd serves the default variant. */
  readonly canBeNothing: boolean;
  /** Any text: it comes from the context. */
  readonly isOpen: boolean;
}

const NOTHING: Results = { names: new Set(), canBeNothing: true, isOpen: false };
const OPEN: Results = { names: new Set(), canBeNothing: true, isOpen: true };
const EITHER: Results = { names: new Set(['true', 'false']), canBeNothing: false, isOpen: false };

const TESTS = new Set(['==', '===', '!=', '!==', '<', '<=', '>', '>=', '!', '!!', 'in', 'some', 'all', 'none']);
const FLAGD_TESTS = new Set(['starts_with', 'ends_with', 'sem_ver']);
const FALSE = new Set(['false', '', '0']);

/** The operation of an expression and what it is given; undefined for what stands for itself. */
export function operationOf(logic: unknown): readonly [name: string, input: unknown] | undefined {
  return isSource(logic) ? Object.entries(logic)[0] : undefined;
}

export function resultsOf(logic: unknown): Results {
  if (logic === null || logic === undefined) return NOTHING;
  if (typeof logic !== 'object') return { names: new Set([String(logic)]), canBeNothing: false, isOpen: false };
  const [name, input] = operationOf(logic) ?? [];
  if (name === undefined) return OPEN;
  if (TESTS.has(name)) return EITHER;
  if (FLAGD_TESTS.has(name)) return united([EITHER, NOTHING]);
  const inputs = Array.isArray(input) ? input : [input];
  if (name === 'if' || name === '?:') return united(branchesOf(inputs).map(resultsOf));
  if (name === 'fractional') return Array.isArray(input) ? fractionalOf(input) : OPEN;
  if (name === 'or')
    return chained(inputs, ({ names, isOpen }) => ({ names: without(names), canBeNothing: false, isOpen }));
  if (name === 'and') return chained(inputs, falseOnly);
  return OPEN;
}

/** What an `if` may come to: every second part, and the last. */
function branchesOf(inputs: readonly unknown[]): readonly unknown[] {
  const chosen = inputs.filter((_, index) => index % 2 === 1);
  return [...chosen, inputs.length % 2 === 1 ? inputs.at(-1) : null];
}

/** What the first part of `fractional` may be for the others to be all that there is to choose from. */
const HASHED = new Set(['var', 'cat', 'substr', '+', '-', '*', '/', '%', 'max', 'min', 'fractional']);

/** A variable that is a list would be a part to choose from, too: `answers` fails for what it could answer then. */
function fractionalOf(inputs: readonly unknown[]): Results {
  const first = operationOf(inputs[0])?.[0];
  if (first !== undefined && !HASHED.has(first)) return OPEN;
  const entries = inputs.filter(Array.isArray).map((entry) => resultsOf(entry[0]));
  const isWritten = inputs.every((input, index) => Array.isArray(input) || index === 0);
  return isWritten ? united([...entries, NOTHING]) : OPEN;
}

/** Of a chain, the last is answered as it is, the others only if they end it. */
function chained(inputs: readonly unknown[], ending: (results: Results) => Results): Results {
  const all = inputs.map(resultsOf);
  return all.length === 0 ? NOTHING : united([...all.slice(0, -1).map(ending), ...all.slice(-1)]);
}

function falseOnly({ names, canBeNothing, isOpen }: Results): Results {
  return { names: new Set([...names].filter((name) => FALSE.has(name))), canBeNothing, isOpen };
}

function without(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names].filter((name) => !FALSE.has(name) || name === '0'));
}

function united(all: readonly Results[]): Results {
  return {
    names: new Set(all.flatMap(({ names }) => [...names])),
    canBeNothing: all.some(({ canBeNothing }) => canBeNothing),
    isOpen: all.some(({ isOpen }) => isOpen),
  };
}

/** The first attribute that an expression names, for those who read the rule. */
export function attributeOf(logic: unknown): string {
  const [, path] = /"var":\[?"([^".\\]+)/.exec(JSON.stringify(logic) ?? '') ?? [];
  return path ?? 'targetingKey';
}
