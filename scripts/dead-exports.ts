import { type Source, withoutComments } from './sources.ts';

/** What programs outside this tree ask for by its name. */
const ASKED_FROM_OUTSIDE: ReadonlySet<string> = new Set(['strykerPlugins']);

const EXPORT = /^export (?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type) ([A-Za-z_$][\w$]*)/gm;
const NAME = /[A-Za-z_$][\w$]*/g;

export interface DeadExport {
  readonly path: string;
  readonly line: number;
  readonly name: string;
}

/** Exports whose name stands nowhere but where they are made. One that is only re-exported is for users, and lives. */
export function deadExports(sources: readonly Source[]): DeadExport[] {
  const code = sources.map(({ path, text }) => ({ path, text: withoutComments(text) }));
  const times = new Map<string, number>();
  for (const { text } of code) {
    for (const [name] of text.matchAll(NAME)) times.set(name, (times.get(name) ?? 0) + 1);
  }
  return code.flatMap(({ path, text }) =>
    [...text.matchAll(EXPORT)]
      .filter(([, name = '']) => times.get(name) === 1 && !ASKED_FROM_OUTSIDE.has(name))
      .map(({ 1: name = '', index }) => ({ path, line: text.slice(0, index).split('\n').length, name })),
  );
}
