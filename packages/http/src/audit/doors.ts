import { Readable } from 'node:stream';
import type { ChangeFilter, ListedEntry } from '@spillway/control';
import type { FastifyReply } from 'fastify';
import { type Door, known, type Passage, unwrap } from '../passage.ts';
import { CSV_HEADER, csvRow } from './csv.ts';

const FORMATS = {
  jsonl: {
    type: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: (entry: ListedEntry) => `${JSON.stringify(entry)}\n`,
  },
  csv: { type: 'text/csv; charset=utf-8; header=present', head: CSV_HEADER, line: csvRow },
} as const;

/** The log as a file. It is read as fast as the caller takes it, so that no log is too long. */
export async function exportChanges(
  { control }: Door,
  { reply, caller, query }: Pick<Passage, 'reply' | 'caller' | 'query'>,
): Promise<FastifyReply> {
  // Checked against the route's schema before.
  const { format, ...filter } = query as ChangeFilter & { readonly format: keyof typeof FORMATS };
  const { type, head, line } = FORMATS[format];
  const chunks = unwrap(await control.audit.export({ principal: known(caller).principal }, filter));
  async function* pieces(): AsyncGenerator<string> {
    if (head !== '') yield head;
    for await (const chunk of chunks) if (chunk.length > 0) yield chunk.map(line).join('');
  }
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="spillway-changes.${format}"`)
    .send(Readable.from(pieces()));
}
