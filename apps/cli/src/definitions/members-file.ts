import { MAX_INLINE_MEMBERS } from '@spillway/contract/definitions';
import { readSourceText } from '../files/source-text.ts';

export type MembersFile =
  | { readonly ok: true; readonly keys: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** The column of a table that holds the keys. */
const COLUMN = 'key';

/** The keys in a file: one a line, or the column `key` of a table with a header row. */
export async function readMembersFile(path: string): Promise<MembersFile> {
  const source = await readSourceText(path);
  if (!source.ok) return { ok: false, message: `${path} ${source.finding.message}` };
  const [first = '', ...others] = source.text.split(/\r?\n/);
  const at = cells(first).indexOf(COLUMN);
  const rows = at === -1 ? [first, ...others] : others;
  const found = rows.map((row) => (at === -1 ? row.trim() : (cells(row)[at] ?? '')));
  const keys = [...new Set(found.filter((key) => key !== ''))];
  if (keys.length <= MAX_INLINE_MEMBERS) return { ok: true, keys };
  return {
    ok: false,
    message: `${path} holds ${keys.length} keys; ${MAX_INLINE_MEMBERS} are the most here. Write \`members: {}\` and import the list into the segment`,
  };
}

/** Cells in quotes may hold commas, and quotes doubled; no cell holds a line break. */
function cells(row: string): readonly string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.trim(),
  );
}
