/** A few lines at the end of the terminal that are drawn again and again in place. */
export interface LiveScreen {
  draw(text: string): void;
}

const ESCAPE = '\u001b';
const PIECES = new RegExp(`${ESCAPE}\\[[0-9;]*m|[^]`, 'gu');

export function liveScreen(stream: NodeJS.WriteStream): LiveScreen {
  let height = 0;
  return {
    draw(text) {
      // A line that the terminal wraps takes two rows, and the way back up would end too low.
      const { columns, rows } = sizeOf(stream);
      const lines = text
        .split('\n')
        .flatMap((line) => broken(line, columns - 1))
        .slice(0, rows - 1);
      const up = height === 0 ? '' : `${ESCAPE}[${height}A\r`;
      // In one write, each line over the old one: nothing is blank in between, so nothing flickers.
      stream.write(`${up}${lines.map((line) => `${line}${ESCAPE}[K\n`).join('')}${ESCAPE}[J`);
      height = lines.length;
    },
  };
}

/** Some terminals do not know their size and say 0. */
function sizeOf({ columns, rows }: NodeJS.WriteStream): { readonly columns: number; readonly rows: number } {
  return { columns: columns > 1 ? columns : 80, rows: rows > 1 ? rows : 24 };
}

/** One line as rows that fit: broken between words where there are some, each row indented as the line is. Colours take no room. */
export function broken(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const rows: string[] = [];
  let row = '';
  let used = 0;
  for (const word of line.slice(indent.length).split(/(?<= )/)) {
    if (used > 0 && used + seen(word.trimEnd()) > width - indent.length) {
      rows.push(row);
      [row, used] = ['', 0];
    }
    for (const piece of word.match(PIECES) ?? []) {
      if (used > 0 && used + seen(piece) > width - indent.length) {
        if (piece === ' ') continue;
        rows.push(row);
        [row, used] = ['', 0];
      }
      row += piece;
      used += seen(piece);
    }
  }
  return [...rows, row].map((text) => `${indent}${text}`.trimEnd());
}

function seen(text: string): number {
  return (text.match(PIECES) ?? []).filter((piece) => !piece.startsWith(ESCAPE)).length;
}
