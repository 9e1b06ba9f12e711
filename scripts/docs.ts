/** What the documentation's Markdown says, as far as tests hold it to its word. */

export interface Fence {
  readonly language: string;
  readonly code: string;
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const SHELL = new Set(['sh', 'bash', 'shell', '']);

export function fencesOf(text: string): readonly Fence[] {
  return [...text.matchAll(FENCE)].map(([, language = '', code = '']) => ({ language, code }));
}

/** Targets of links that stay within the repository. */
export function linksOf(text: string): readonly string[] {
  const prose = text.replace(FENCE, '').replace(/`[^`\n]*`/g, '``');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Headings as they are linked to. */
export function anchorsOf(text: string): readonly string[] {
  return [...text.replace(FENCE, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** The words after `spillway` of each command line, in shell blocks and in inline code. Placeholders end a line. */
export function commandsOf(text: string): readonly (readonly string[])[] {
  const blocks = fencesOf(text)
    .filter(({ language }) => SHELL.has(language))
    .flatMap(({ code }) => code.split('\n'));
  const inline = [...text.replace(FENCE, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline].flatMap((line) => {
    const found = /(?:^|\$\(|&& |[A-Z_]+=\S+ )(?:npx )?spillway ([^#|)]*)/.exec(line);
    if (found === null || /^\s*#/.test(line)) return [];
    const words = (found[1] ?? '').match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
    const end = words.findIndex((word) => /^(…|&&|;|[A-Z]+)$/.test(word));
    const kept = end === -1 ? words : words.slice(0, end);
    return kept.length === 0 ? [] : [kept];
  });
}

/** The first two cells of each table row, without code marks. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) =>
    row.split(' | ').map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')),
  );
}
