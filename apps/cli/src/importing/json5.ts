/**
 * JSON as people write it: with comments, trailing commas, keys without quotes, either quotes, and numbers of all ECMAScript's
 * forms (json5.org). Throws a SyntaxError that says the line.
 */
export function parseJson5(text: string): unknown {
  const reader: Reader = { text, at: 0, depth: 0 };
  skipBlank(reader);
  const value = valueAt(reader);
  skipBlank(reader);
  return reader.at < text.length ? unexpected(reader) : value;
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

const MAX_DEPTH = 500;

function unexpected(
  { text, at }: Reader,
  what = `${JSON.stringify(text.charAt(at)) || 'nothing'} is not expected`,
): never {
  throw new SyntaxError(
    `${at < text.length ? what : 'the text ends too early'} (line ${text.slice(0, at).split('\n').length})`,
  );
}

const BLANK = /(?:[\s\uFEFF]|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y;

function skipBlank(reader: Reader): void {
  take(reader, BLANK);
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const [found] = pattern.exec(reader.text) ?? [];
  if (found !== undefined) reader.at += found.length;
  return found;
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['null', null],
  ['true', true],
  ['false', false],
]);
const NUMBER = /[+-]?(?:0[xX][0-9a-fA-F]+|(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y;
const NAME = /[\p{L}\p{Nl}$_][\p{L}\p{Nl}$_\p{Mn}\p{Mc}\p{Nd}\p{Pc}\u200C\u200D]*/uy;

function valueAt(reader: Reader): unknown {
  const character = reader.text[reader.at];
  if (character === '{') return nested(reader, objectAt);
  if (character === '[') return nested(reader, listAt);
  if (character === '"' || character === "'") return stringAt(reader);
  const number = take(reader, NUMBER);
  if (number !== undefined) return numberIn(number);
  const start = reader.at;
  const word = take(reader, NAME) ?? '';
  if (WORDS.has(word)) return WORDS.get(word);
  reader.at = start;
  return unexpected(reader);
}

function numberIn(text: string): number {
  const [, sign, digits = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  return sign === '-' ? -Number(digits) : Number(digits);
}

function nested<T>(reader: Reader, read: (reader: Reader) => T): T {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) unexpected(reader, `what nests more than ${MAX_DEPTH} deep cannot be read`);
  reader.at += 1;
  const value = read(reader);
  reader.depth -= 1;
  return value;
}

function objectAt(reader: Reader): unknown {
  const entries: [string, unknown][] = [];
  for (skipBlank(reader); !closes(reader, '}'); separate(reader, '}')) {
    const key = keyAt(reader);
    skipBlank(reader);
    if (reader.text[reader.at] !== ':') unexpected(reader);
    reader.at += 1;
    skipBlank(reader);
    entries.push([key, valueAt(reader)]);
  }
  return Object.fromEntries(entries);
}

function keyAt(reader: Reader): string {
  const character = reader.text[reader.at];
  return character === '"' || character === "'" ? stringAt(reader) : (take(reader, NAME) ?? unexpected(reader));
}

function listAt(reader: Reader): unknown {
  const items: unknown[] = [];
  for (skipBlank(reader); !closes(reader, ']'); separate(reader, ']')) items.push(valueAt(reader));
  return items;
}

function closes(reader: Reader, end: string): boolean {
  if (reader.text[reader.at] !== end) return false;
  reader.at += 1;
  return true;
}

/** A comma, or the end, which is left for `closes`. */
function separate(reader: Reader, end: string): void {
  skipBlank(reader);
  if (reader.text[reader.at] === ',') {
    reader.at += 1;
    skipBlank(reader);
  } else if (reader.text[reader.at] !== end) unexpected(reader);
}

const PLAIN = { '"': /[^"\\\n\r]*/y, "'": /[^'\\\n\r]*/y } as const;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))/y;
const ESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
  '\n': '',
  '\r': '',
  '\r\n': '',
  '\u2028': '',
  '\u2029': '',
};

function stringAt(reader: Reader): string {
  const quote = reader.text[reader.at] === '"' ? '"' : "'";
  reader.at += 1;
  let text = take(reader, PLAIN[quote]) ?? '';
  while (reader.text[reader.at] !== quote) {
    text += escapeAt(reader);
    text += take(reader, PLAIN[quote]) ?? '';
  }
  reader.at += 1;
  return text;
}

function escapeAt(reader: Reader): string {
  ESCAPE.lastIndex = reader.at;
  const found = ESCAPE.exec(reader.text) ?? unexpected(reader, 'a text does not end on its line');
  const [whole, unit = found[2], , character = ''] = found;
  if (unit === undefined && /[1-9ux]/.test(character)) unexpected(reader, `${whole} is no escape`);
  reader.at += whole.length;
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
  return Object.hasOwn(ESCAPED, character) ? (ESCAPED[character] ?? '') : character;
}
