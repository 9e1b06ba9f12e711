import { fail, type Node, toGoThrough } from './node.ts';

/** A list put together, from `start` or else its first element; `part` sees `accumulator` and `current`, nothing else. */
export function reduced(list: unknown, part: Node, start: { readonly value: unknown } | undefined): unknown {
  const elements = toGoThrough(list);
  const next = (accumulator: unknown, current: unknown) =>
    flat(part({ data: { accumulator, current }, flagd: undefined, prev: undefined }));
  if (start !== undefined) return elements.reduce(next, flat(start.value));
  return elements.length === 0 ? fail('there is nothing to begin with') : elements.reduce(next);
}

/** What is carried from one element to the next holds no lists or objects in it. */
function flat(value: unknown): unknown {
  const isDeep = isCollection(value) && Object.values(value).some(isCollection);
  return isDeep ? fail('it grows too deep') : value;
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
