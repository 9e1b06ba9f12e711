/** The same headers in the two forms that write fastest. */
export interface HeaderLines {
  /** Names and values in turn, as `node:http` takes them. */
  readonly flat: readonly string[];
  /** As they go over the wire, each line with its end. */
  readonly text: string;
}

export function headerLines(headers: Readonly<Record<string, string>>): HeaderLines {
  const flat = Object.entries(headers).flat();
  return { flat, text: linesOf(flat) };
}

/** Names and values must be free of line breaks, as all are that this server makes. */
export function linesOf(flat: readonly string[]): string {
  let text = '';
  for (let index = 0; index < flat.length; index += 2) text += `${flat[index]}: ${flat[index + 1]}\r\n`;
  return text;
}
