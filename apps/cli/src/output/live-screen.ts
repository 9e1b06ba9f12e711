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
      // A line that wraps would take two rows and the way back up would end too low.
      const { columns, rows } = sizeOf(stream);
      const lines = text
        .split('\n')
        .slice(0, rows - 1)
        .map((line) => clip(line, columns - 1));
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

/** Colours take no room. They are kept beyond the edge, so that what was opened is closed. */
export function clip(line: string, width: number): string {
  let room = width;
  return (line.match(PIECES) ?? [])
    .filter((piece) => {
      if (piece.startsWith(ESCAPE)) return true;
      room -= 1;
      return room >= 0;
    })
    .join('');
}
