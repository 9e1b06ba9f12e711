import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { ask } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, ReasonField, TextArea } from '../../ui/field.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Section } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { definitionOf, KEY_OF_CONTEXT } from './definition.ts';
import { USUAL_WORDS } from './file-preview.ts';
import { FilePreviewBox } from './file-preview-box.tsx';
import { formatOf, keysIn, sizeWords } from './list-file.ts';
import type { Segment } from './queries.ts';
import { useWantsReason } from './wants-reason.ts';

type Mode = 'replace' | 'add' | 'remove';

const MODES = [
  { id: 'add', label: 'Add' },
  { id: 'remove', label: 'Remove' },
  { id: 'replace', label: 'Replace all' },
] as const;

const DEED: Readonly<Record<Mode, string>> = {
  add: 'Whoever is in the file joins the list.',
  remove: 'Whoever is in the file leaves the list.',
  replace: 'The file becomes the whole list: whoever is not in it leaves.',
};

/** Who is named one by one: how many, whether somebody is, and changes from a file. */
export function ListTab({ segment }: { segment: Segment }) {
  const by = definitionOf(segment).listBy ?? KEY_OF_CONTEXT;
  return (
    <div className="grid gap-x-8 lg:grid-cols-2">
      <div>
        <Section title="The list">
          <Card className="p-4">
            <p>
              <span className="numbers font-semibold text-xl">
                {(segment.members?.count ?? 0).toLocaleString('en')}
              </span>{' '}
              listed, told by <Mono>{by}</Mono>
            </p>
            <p className="mt-1 text-muted">
              Kept as fingerprints: the server can say whether a key is on the list, but not read the list out.
            </p>
          </Card>
        </Section>
        <MembershipCheck segment={segment} />
      </div>
      <ImportList segment={segment} />
    </div>
  );
}

function MembershipCheck({ segment }: { segment: Segment }) {
  const [text, setText] = useState('');
  const check = useMutation({
    mutationFn: (keys: string[]) => ask('checkMembers', { params: { key: segment.key }, body: { keys } }),
  });
  const keys = keysIn(text);
  return (
    <Section title="Is somebody on it?">
      <Card className="p-4">
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (keys.length > 0) check.mutate([...keys]);
          }}
        >
          <Field label="Keys" hint="One a line, or with commas between; up to 1,000.">
            {(control) => (
              <TextArea
                {...control}
                rows={3}
                className="font-mono text-xs"
                placeholder="user-4711"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" busy={check.isPending} disabled={keys.length === 0}>
            Check {keys.length > 1 ? `${keys.length} keys` : ''}
          </Button>
        </form>
        <div aria-live="polite" className="mt-3 empty:hidden">
          {check.isError ? <ProblemNote error={check.error} /> : null}
          {check.data === undefined ? null : (
            <ul className="max-h-72 divide-y divide-line overflow-y-auto rounded-md border border-line">
              {check.data.items.map(({ key, listed }) => (
                <li key={key} className="flex items-center gap-2 px-3 py-1.5">
                  <Glyph sign={listed ? '✔' : '✖'} className={listed ? 'text-ok' : 'text-muted'} />
                  <Mono className="min-w-0 flex-1">{key}</Mono>
                  <span className="text-muted">{listed ? 'listed' : 'not listed'}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </Card>
    </Section>
  );
}

function ImportList({ segment }: { segment: Segment }) {
  const queries = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | undefined>();
  const [mode, setMode] = useState<Mode>('add');
  const [column, setColumn] = useState('');
  const [reason, setReason] = useState('');
  const wantsReason = useWantsReason(segment.key);
  const running = useRef<AbortController | undefined>(undefined);
  const upload = useMutation({
    mutationFn: (chosen: File) => {
      running.current = new AbortController();
      return ask('importMembers', {
        params: { key: segment.key },
        query: {
          mode,
          ...(column.trim() === '' ? {} : { column: column.trim() }),
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        },
        ifMatch: segment.version,
        upload: { type: formatOf(chosen.name), content: chosen },
        signal: running.current.signal,
      });
    },
    onSuccess: () => setFile(undefined),
    onSettled: () => queries.invalidateQueries({ queryKey: ['segments'] }),
  });
  const isReady = file !== undefined && (!wantsReason || reason.trim() !== '');
  const choose = (chosen: File | undefined) => {
    upload.reset();
    setFile(chosen);
  };
  return (
    <Section title="Change it from a file">
      <Card className="space-y-4 p-4">
        <DropTarget onDrop={choose}>
          <input
            ref={picker}
            type="file"
            className="sr-only"
            tabIndex={-1}
            aria-label="File with keys"
            accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
            onChange={(event) => {
              choose(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
          <Upload className="size-5 text-muted" aria-hidden="true" />
          {file === undefined ? (
            <p className="text-muted">Drop a CSV or NDJSON file here</p>
          ) : (
            <p className="max-w-full break-all font-medium">
              {file.name} <span className="font-normal text-muted">{sizeWords(file.size)}</span>
            </p>
          )}
          <Button onClick={() => picker.current?.click()}>
            {file === undefined ? 'Choose a file' : 'Another file'}
          </Button>
        </DropTarget>
        <div>
          <Segmented label="What the file does" options={MODES} value={mode} onChange={setMode} />
          <p className="mt-1 text-muted text-xs">{DEED[mode]}</p>
        </div>
        {file === undefined ? null : <FilePreviewBox file={file} column={column} onColumn={setColumn} />}
        <Field label="Column (optional)" hint="Of the table, or the member of each JSON object, that holds the key.">
          {(control) => (
            <Input
              {...control}
              className="font-mono"
              placeholder={USUAL_WORDS}
              value={column}
              maxLength={256}
              onChange={(event) => setColumn(event.target.value)}
            />
          )}
        </Field>
        <ReasonField value={reason} onChange={setReason} required={wantsReason} />
        <div className="flex flex-wrap gap-2">
          <Button
            look={mode === 'replace' ? 'danger' : 'primary'}
            busy={upload.isPending}
            disabled={!isReady}
            onClick={() => (file === undefined ? undefined : upload.mutate(file))}
          >
            {MODES.find(({ id }) => id === mode)?.label} from file
          </Button>
          {upload.isPending ? <Button onClick={() => running.current?.abort()}>Stop</Button> : null}
        </div>
        <div aria-live="polite" className="empty:hidden">
          {upload.isPending ? <UploadProgress size={file?.size ?? 0} /> : null}
          {upload.isError ? <ProblemNote error={upload.error} /> : null}
          {upload.data === undefined ? null : (
            <Notice tone="ok" title={`${upload.data.count.toLocaleString('en')} listed now`}>
              {upload.data.added.toLocaleString('en')} joined, {upload.data.removed.toLocaleString('en')} left.
            </Notice>
          )}
        </div>
      </Card>
    </Section>
  );
}

/** Browsers do not tell how much of a body is sent; that it is under way, and how much there is, is what can be said. */
function UploadProgress({ size }: { size: number }) {
  return (
    <div>
      <progress className="progress h-1.5 w-full" aria-label="Import under way" />
      <p className="mt-1 text-muted text-xs">
        {sizeWords(size)} under way. Nothing changes until the whole file was read.
      </p>
    </div>
  );
}

function DropTarget({ children, onDrop }: { children: ReactNode; onDrop: (file: File | undefined) => void }) {
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside chooses a file by keyboard
    <div
      className={`flex flex-col items-center gap-2 rounded-lg border border-dashed px-4 py-6 text-center ${over ? 'border-accent bg-accent-tint' : 'border-field'}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop(event.dataTransfer.files[0]);
      }}
    >
      {children}
    </div>
  );
}
