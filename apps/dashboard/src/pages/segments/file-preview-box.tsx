import { useQuery } from '@tanstack/react-query';
import { Notice } from '../../ui/notice.tsx';
import { Mono } from '../../ui/page.tsx';
import { type FilePreview, HEAD_BYTES, previewOf } from './file-preview.ts';
import { formatOf } from './list-file.ts';

/** What the file would be read as, before it is sent: nothing of it has left the browser yet. */
export function FilePreviewBox({
  file,
  column,
  onColumn,
}: {
  file: File;
  column: string;
  onColumn: (column: string) => void;
}) {
  const head = useQuery({
    queryKey: ['file', file.name, file.size, file.lastModified],
    queryFn: () => file.slice(0, HEAD_BYTES).text(),
    retry: false,
    gcTime: 0,
  });
  if (head.isError) return <Notice tone="warn" title="The file cannot be read. Choose it again." />;
  if (head.data === undefined) return null;
  const preview = previewOf(head.data, { size: file.size, format: formatOf(file.name), column });
  return (
    <section aria-label="Preview of the file" className="space-y-2 rounded-md border border-line px-3 py-2.5">
      {preview.problem === undefined ? <Keys preview={preview} /> : <Notice tone="warn" title={preview.problem} />}
      {preview.columns.length > 1 || preview.problem !== undefined ? (
        <Columns preview={preview} onColumn={onColumn} />
      ) : null}
    </section>
  );
}

function Keys({ preview: { column, keys, rows, isEstimate } }: { preview: FilePreview }) {
  return (
    <>
      <p className="numbers">
        {isEstimate ? '≈ ' : ''}
        {rows.toLocaleString('en')} {rows === 1 ? 'key' : 'keys'}
        {column === undefined ? null : (
          <>
            {' '}
            from <Mono>{column}</Mono>
          </>
        )}
        {rows > keys.length ? ', beginning with' : ':'}
      </p>
      <p className="flex flex-wrap gap-1">
        {keys.map((key, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a key may stand in a file twice
          <Mono key={place} className="max-w-full truncate rounded-sm bg-sunken px-1.5 py-0.5 text-xs">
            {key === '' ? '(empty)' : key}
          </Mono>
        ))}
      </p>
    </>
  );
}

function Columns({
  preview: { columns, column },
  onColumn,
}: {
  preview: FilePreview;
  onColumn: (name: string) => void;
}) {
  return columns.length === 0 ? null : (
    <p className="flex flex-wrap items-center gap-1 text-muted text-xs">
      Take keys from{' '}
      {columns.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === column}
          className="touch max-w-48 truncate rounded-sm border border-line px-1.5 py-0.5 font-mono hover:text-accent aria-pressed:border-accent aria-pressed:text-accent"
          onClick={() => onColumn(name)}
        >
          {name}
        </button>
      ))}
    </p>
  );
}
