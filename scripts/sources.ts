import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

/** Every TypeScript file that git knows or would know, with its text. */
export function readSources(root: string): Source[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => path !== '' && existsSync(`${root}/${path}`))
    .map((path) => {
      const text = readFileSync(`${root}/${path}`, 'utf8');
      return { path, text, lines: text.split('\n').length - 1 };
    });
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

const IMPORT =
  /(?:^|\n)[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

/** Static and dynamic imports and re-exports, with their line numbers. Comments are blanked first. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  return [...code.matchAll(IMPORT)].map((match) => ({
    specifier: match[2] ?? match[3] ?? '',
    line: code.slice(0, match.index + match[0].length).split('\n').length,
    typeOnly: match[1] !== undefined,
  }));
}

/** Blanks comments and keeps every line where it was. */
export function withoutComments(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g,
    (comment, before = '') => before + comment.slice(before.length).replace(/[^\n]/g, ' '),
  );
}
