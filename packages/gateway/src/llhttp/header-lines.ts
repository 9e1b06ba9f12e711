const COLON = 0x3a;
const CR = 0x0d;
const LF = 0x0a;
const BLANK = 0x20;
const TAB = 0x09;
const CAPITAL_A = 0x41;
const CAPITAL_Z = 0x5a;
const SMALL_A = 0x61;

/** Where a line's name begins and ends, and where its value does. */
const POSITIONS = 4;

/**
 * Header lines as they stand in the text they were read in. A name or a value becomes a string of its own only when it is asked for,
 * and lines that are passed on as they came are copied together: most lines of most messages are neither asked for nor changed.
 */
export class HeaderLines {
  #text = '';
  #count = 0;
  #isInValue = false;
  /** Longer than what counts: messages of one connection use it one after another. */
  readonly #positions: number[] = [];

  /** Name, value, name, value. */
  static of(list: readonly string[]): HeaderLines {
    const lines = new HeaderLines();
    let text = '';
    for (let i = 0; i < list.length; i += 2) {
      const name = list[i] ?? '';
      const value = list[i + 1] ?? '';
      lines.addName(text.length, name.length);
      lines.addValue(text.length + name.length + 2, value.length);
      text += `${name}: ${value}\r\n`;
    }
    lines.complete(text);
    return lines;
  }

  get count(): number {
    return this.#count;
  }

  name(line: number): string {
    const at = line * POSITIONS;
    return this.#text.substring(this.#positions[at] ?? 0, this.#positions[at + 1] ?? 0);
  }

  value(line: number): string {
    const at = line * POSITIONS;
    return this.#text.substring(this.#positions[at + 2] ?? 0, this.#positions[at + 3] ?? 0);
  }

  nameLength(line: number): number {
    const at = line * POSITIONS;
    return (this.#positions[at + 1] ?? 0) - (this.#positions[at] ?? 0);
  }

  isNamed(line: number, lowerName: string): boolean {
    if (this.nameLength(line) !== lowerName.length) return false;
    const at = this.#positions[line * POSITIONS] ?? 0;
    for (let i = 0; i < lowerName.length; i++) {
      if (lower(this.#text.charCodeAt(at + i)) !== lowerName.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Which of these names in lower case the line has. */
  nameAmong(line: number, lowerNames: readonly string[]): string | undefined {
    for (const name of lowerNames) if (this.isNamed(line, name)) return name;
    return undefined;
  }

  /** Name, value, name, value. */
  list(): string[] {
    return Array.from({ length: this.#count * 2 }, (_, i) =>
      i % 2 === 0 ? this.name(i / 2) : this.value((i - 1) / 2),
    );
  }

  /** The lines from `from` up to `to`, each as `Name: value` and the end of a line. */
  text(from = 0, to = this.#count): string {
    const positions = this.#positions;
    let copied = '';
    let line = from;
    while (line < to) {
      if (!this.#isPlain(line)) {
        copied += `${this.name(line)}: ${this.value(line)}\r\n`;
        line += 1;
        continue;
      }
      const begin = positions[line * POSITIONS] ?? 0;
      let end = (positions[line * POSITIONS + 3] ?? 0) + 2;
      for (line += 1; line < to && positions[line * POSITIONS] === end && this.#isPlain(line); line++)
        end = (positions[line * POSITIONS + 3] ?? 0) + 2;
      copied += this.#text.substring(begin, end);
    }
    return copied;
  }

  clear(): void {
    this.#count = 0;
    this.#isInValue = false;
    this.#text = '';
  }

  /** A name, or the next part of one. */
  addName(at: number, length: number): void {
    const positions = this.#positions;
    if (this.#count > 0 && !this.#isInValue) {
      positions[this.#count * POSITIONS - 3] = at + length;
      return;
    }
    const next = this.#count * POSITIONS;
    positions[next] = at;
    positions[next + 1] = at + length;
    positions[next + 2] = at + length;
    positions[next + 3] = at + length;
    this.#count += 1;
    this.#isInValue = false;
  }

  /** A value, or the next part of one; false when the parts do not join. */
  addValue(at: number, length: number): boolean {
    const positions = this.#positions;
    const here = this.#count * POSITIONS - 2;
    const isEmpty = !this.#isInValue || positions[here] === positions[here + 1];
    this.#isInValue = true;
    if (isEmpty) positions[here] = at;
    else if (length === 0) return true;
    else if (positions[here + 1] !== at) return false;
    positions[here + 1] = at + length;
    return true;
  }

  /** Where the first name begins. */
  get start(): number {
    return this.#positions[0] ?? 0;
  }

  /** From now on the text begins so much later. */
  moveBack(by: number): void {
    for (let i = 0; i < this.#count * POSITIONS; i++) this.#positions[i] = (this.#positions[i] ?? 0) - by;
  }

  /** All lines are here, in this text. Blanks behind values are left out. */
  complete(text: string): void {
    this.#text = text;
    const positions = this.#positions;
    for (let i = POSITIONS - 1; i < this.#count * POSITIONS; i += POSITIONS) {
      const begin = positions[i - 1] ?? 0;
      let end = positions[i] ?? 0;
      while (end > begin && isBlank(text.charCodeAt(end - 1))) end -= 1;
      positions[i] = end;
    }
  }

  /** Whether the line stands in the text as it is to be passed on. */
  #isPlain(line: number): boolean {
    const text = this.#text;
    const at = line * POSITIONS;
    const nameEnd = this.#positions[at + 1] ?? 0;
    const valueEnd = this.#positions[at + 3] ?? 0;
    return (
      this.#positions[at + 2] === nameEnd + 2 &&
      text.charCodeAt(nameEnd) === COLON &&
      text.charCodeAt(nameEnd + 1) === BLANK &&
      text.charCodeAt(valueEnd) === CR &&
      text.charCodeAt(valueEnd + 1) === LF
    );
  }
}

function lower(code: number): number {
  return code >= CAPITAL_A && code <= CAPITAL_Z ? code + (SMALL_A - CAPITAL_A) : code;
}

function isBlank(code: number): boolean {
  return code === BLANK || code === TAB;
}
