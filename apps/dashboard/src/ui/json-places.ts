/** A stretch of text: where a value of a JSON document stands in it. */
export interface TextPlace {
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
}

/**
 * Where the value at a JSON pointer stands in the text; where it is missing, what should hold it. Undefined when the
 * text is no JSON.
 */
export function placeIn(text: string, pointer: string): TextPlace | undefined {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  let found = valueAt(text, skipSpace(text, 0));
  for (const step of steps) {
    const inner = memberOf(text, found.start, step);
    if (inner === undefined) break;
    found = inner;
  }
  return { ...found, line: text.slice(0, found.start).split('\n').length };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (' \n\r\t'.includes(text[at] ?? '!')) at += 1;
  return at;
}

/** The end of the value that starts at `start`; the text is known to be JSON. */
function valueAt(text: string, start: number): Span {
  const first = text[start];
  if (first === '"') return { start, end: stringEnd(text, start) };
  if (first !== '{' && first !== '[') {
    let end = start;
    while (end < text.length && !',]} \n\r\t'.includes(text[end] ?? '')) end += 1;
    return { start, end };
  }
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '"') at = stringEnd(text, at) - 1;
    else if ('{['.includes(sign)) depth += 1;
    else if ('}]'.includes(sign)) {
      depth -= 1;
      if (depth === 0) return { start, end: at + 1 };
    }
  }
  return { start, end: text.length };
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function memberOf(text: string, start: number, step: string): Span | undefined {
  const isList = text[start] === '[';
  if (!isList && text[start] !== '{') return undefined;
  let at = skipSpace(text, start + 1);
  for (let index = 0; text[at] !== ']' && text[at] !== '}'; index += 1) {
    let name = String(index);
    if (!isList) {
      const end = stringEnd(text, at);
      name = JSON.parse(text.slice(at, end)) as string;
      at = skipSpace(text, skipSpace(text, end) + 1);
    }
    const value = valueAt(text, at);
    if (name === step) return value;
    at = skipSpace(text, value.end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}
