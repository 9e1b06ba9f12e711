/** Colours as everywhere in Spillway: amber is canary, green is stable. */
export interface Ink {
  amber(text: string): string;
  green(text: string): string;
  red(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

const CODES = { amber: '33', green: '32', red: '31', dim: '2', bold: '1' } as const;

export function makeInk(colours: boolean): Ink {
  const paint = (code: string) => (text: string) => (colours && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    amber: paint(CODES.amber),
    green: paint(CODES.green),
    red: paint(CODES.red),
    dim: paint(CODES.dim),
    bold: paint(CODES.bold),
  };
}

/** As https://no-color.org says, a value that is not empty switches colours off. */
export function wantsColours(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
