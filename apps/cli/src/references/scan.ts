/** A line that names a flag. */
export interface Reference {
  readonly flag: string;
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface Scanned {
  readonly references: readonly Reference[];
  /** Keys that code asks a client for and no flag has. */
  readonly unknown: readonly Reference[];
}

const MAX_LINE_TEXT = 200;

/** Everything that could be a key, in one pass, however many keys there are: what is found is looked up. */
const WORD = /[A-Za-z0-9_$][A-Za-z0-9._$-]*/g;

/** How clients are asked: Spillway's and OpenFeature's own calls, and the hooks of React. */
const ASKED =
  /(?:\.(?:boolean|string|number|json|object)\(\s*(['"`])([a-z0-9][a-z0-9._-]{0,127})\1\s*,|\b(?:get(?:Boolean|String|Number|Object)(?:Value|Details)|use(?:Boolean|String|Number|Object)?Flag(?:Value|Details)?|isEnabled|variation)\(\s*(['"`])([a-z0-9][a-z0-9._-]{0,127})\3)/g;

/** Where one file names flags. */
export function scanSource(path: string, text: string, keys: ReadonlySet<string>): Scanned {
  const references = new Map<string, Reference>();
  const unknown = new Map<string, Reference>();
  const lines = createLines(text);
  const found = (into: Map<string, Reference>, flag: string, offset: number) => {
    const { line, content } = lines(offset);
    const id = `${line} ${flag}`;
    if (!into.has(id)) into.set(id, { flag, path, line, text: content });
  };
  for (const match of text.matchAll(WORD)) {
    for (const { key, offset } of keysIn(match[0], match.index, text, keys)) found(references, key, offset);
  }
  for (const match of text.matchAll(ASKED)) {
    const key = match[2] ?? match[4];
    if (key !== undefined && !keys.has(key)) found(unknown, key, match.index);
  }
  return { references: [...references.values()], unknown: [...unknown.values()] };
}

/** The word, without what ends a sentence, or a part of it between points, as in `flags.new_checkout`. */
function keysIn(word: string, start: number, text: string, keys: ReadonlySet<string>) {
  const whole = word.replace(/[._$-]+$/, '');
  if (isNamed(whole, start, text, keys)) return [{ key: whole, offset: start }];
  if (!whole.includes('.')) return [];
  let offset = start;
  return whole.split('.').flatMap((key) => {
    const at = offset;
    offset += key.length + 1;
    return isNamed(key, at, text, keys) ? [{ key, offset: at }] : [];
  });
}

/** A key that is a plain word, such as `theme`, is taken for a flag only where it is quoted. */
function isNamed(word: string, start: number, text: string, keys: ReadonlySet<string>): boolean {
  if (!keys.has(word)) return false;
  if (/[-_]|\d/.test(word)) return true;
  const before = text[start - 1] ?? '';
  return /['"`]/.test(before) && text[start + word.length] === before;
}

/** From offsets that ascend, or nearly so, to lines; counting from the beginning for each would be slow. */
function createLines(text: string): (offset: number) => { readonly line: number; readonly content: string } {
  let line = 1;
  let start = 0;
  return (offset) => {
    if (offset < start) [line, start] = [1, 0];
    for (let end = text.indexOf('\n', start); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
      start = end + 1;
      line += 1;
    }
    const end = text.indexOf('\n', start);
    const content = text.slice(start, end === -1 ? undefined : end).trim();
    return { line, content: content.slice(0, MAX_LINE_TEXT).toWellFormed() };
  };
}
