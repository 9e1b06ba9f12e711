/** Colours as roles: canary amber, stable green, everywhere the same. */
export interface Paint {
  canary(text: string): string;
  stable(text: string): string;
  bad(text: string): string;
  muted(text: string): string;
  strong(text: string): string;
}

const wrap = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;
const plain = (text: string) => text;

const COLOURED: Paint = {
  canary: wrap(33, 39),
  stable: wrap(32, 39),
  bad: wrap(31, 39),
  muted: wrap(2, 22),
  strong: wrap(1, 22),
};
const PLAIN: Paint = { canary: plain, stable: plain, bad: plain, muted: plain, strong: plain };

export function paintFor(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Paint {
  const quiet = environment.NO_COLOR !== undefined && environment.NO_COLOR !== '';
  return stream.isTTY === true && !quiet && environment.TERM !== 'dumb' ? COLOURED : PLAIN;
}

const ESCAPE = '\u001b';
const STEERING = new RegExp(`${ESCAPE}(?!\\[\\d{1,2}m)|[^\\P{Cc}\\n${ESCAPE}]`, 'gu');

/** Without what steers a terminal, colours aside: descriptions, reasons and problems are other people's text. */
export function harmless(text: string): string {
  return text.replace(STEERING, '');
}

/** Columns as wide as their widest cell; the last one is not padded. Older servers do not know every field: it stays empty. */
export function table(header: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row.map((cell = '', column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
    )
    .join('\n');
}

const BAR_WIDTH = 24;

/** A share of 100 as a bar of fixed width. */
export function bar(percentage: number): string {
  const filled = Math.round((Math.min(Math.max(percentage, 0), 100) / 100) * BAR_WIDTH);
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(seconds / 3600)}h${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}m`;
}
