import type { FlagType, Json } from '@spillway/evaluator';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../../api.ts';
import { parseVariantValue } from '../../conditions/values.ts';
import type { Environment } from '../../documents.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { ProblemNote } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toast } from '../../ui/toast.tsx';

const TYPES = [
  { id: 'boolean', label: 'Boolean' },
  { id: 'string', label: 'String' },
  { id: 'number', label: 'Number' },
  { id: 'json', label: 'JSON' },
] as const;

const KEY = /^[a-z0-9][a-z0-9._-]{0,127}$/;

interface VariantRow {
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

const EXAMPLES: Readonly<Record<Exclude<FlagType, 'boolean'>, readonly [string, string]>> = {
  string: ['control text', 'new text'],
  number: ['10', '20'],
  json: ['{}', '{"columns": 3}'],
};

export function NewFlagDialog(props: { open: boolean; onClose: () => void; environments: readonly Environment[] }) {
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      title="New flag"
      description="It starts off in every environment: nothing changes for anyone until you turn it on."
    >
      <NewFlagForm onClose={props.onClose} />
    </Dialog>
  );
}

function NewFlagForm({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const [type, setType] = useState<FlagType>('boolean');
  const [description, setDescription] = useState('');
  const [owner, setOwner] = useState('');
  const [rows, setRows] = useState<readonly VariantRow[]>([]);
  const chooseType = (next: FlagType) => {
    setType(next);
    const [first, second] = next === 'boolean' ? ['', ''] : EXAMPLES[next];
    setRows(
      next === 'boolean'
        ? []
        : [
            { id: 1, name: 'control', text: first },
            { id: 2, name: 'treatment', text: second },
          ],
    );
  };
  const variants = rows.map((row) => ({ row, parsed: parseVariantValue(type, row.text) }));
  const create = useMutation({
    mutationFn: () =>
      ask('createFlag', {
        body: {
          key,
          type,
          ...(description === '' ? {} : { description }),
          ...(owner === '' ? {} : { owner }),
          ...(type === 'boolean'
            ? {}
            : {
                variants: variants.flatMap(({ row, parsed }): { name: string; value: Json }[] =>
                  parsed.ok ? [{ name: row.name, value: parsed.value }] : [],
                ),
              }),
        },
      }),
    onSuccess: (flag) => {
      void queries.invalidateQueries({ queryKey: ['flags'] });
      toast('ok', `${flag.key} is created, off everywhere`);
      onClose();
      navigate(`/flags/${encodeURIComponent(flag.key)}`);
    },
  });
  const badKey = key !== '' && !KEY.test(key);
  const ready = KEY.test(key) && variants.every(({ row, parsed }) => parsed.ok && KEY.test(row.name));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) create.mutate();
  };

  return (
    <form className="space-y-4" onSubmit={submit}>
      <Field
        label="Key"
        hint="What the code asks for. It cannot be changed later."
        error={badKey ? 'Use a–z, 0–9, dot, dash and underscore, starting with a letter or digit.' : undefined}
      >
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            value={key}
            maxLength={128}
            placeholder="checkout-v2"
            autoFocus
            onChange={(event) => setKey(event.target.value)}
          />
        )}
      </Field>
      <div>
        <p className="mb-1 font-medium">Type</p>
        <Segmented label="Type" options={TYPES} value={type} onChange={chooseType} />
        {type === 'boolean' ? (
          <p className="mt-1 text-muted text-xs">Two variants: on (true) and off (false).</p>
        ) : null}
      </div>
      {type === 'boolean' ? null : <VariantRows rows={rows} type={type} onChange={setRows} />}
      <Field label="Description (optional)">
        {(control) => (
          <Input
            {...control}
            value={description}
            maxLength={2000}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
      <Field label="Owner (optional)" hint="Who to ask before it is removed.">
        {(control) => (
          <Input {...control} value={owner} maxLength={256} onChange={(event) => setOwner(event.target.value)} />
        )}
      </Field>
      {create.isError ? <ProblemNote error={create.error} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={!ready} busy={create.isPending}>
          Create flag
        </Button>
      </div>
    </form>
  );
}

function VariantRows({
  rows,
  type,
  onChange,
}: {
  rows: readonly VariantRow[];
  type: FlagType;
  onChange: (rows: readonly VariantRow[]) => void;
}) {
  const set = (id: number, part: Partial<VariantRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <fieldset>
      <legend className="mb-1 font-medium">Variants</legend>
      <div className="space-y-2">
        {rows.map((row, index) => {
          const parsed = parseVariantValue(type, row.text);
          return (
            <div key={row.id}>
              <div className="flex gap-2">
                <Input
                  aria-label={`Name of variant ${index + 1}`}
                  className="w-32! font-mono"
                  value={row.name}
                  maxLength={128}
                  aria-invalid={!KEY.test(row.name)}
                  onChange={(event) => set(row.id, { name: event.target.value })}
                />
                <Input
                  aria-label={`Value of variant ${index + 1}`}
                  className="font-mono"
                  value={row.text}
                  aria-invalid={!parsed.ok}
                  onChange={(event) => set(row.id, { text: event.target.value })}
                />
                <IconButton
                  label={`Remove variant ${index + 1}`}
                  disabled={rows.length <= 2}
                  onClick={() => onChange(rows.filter((other) => other.id !== row.id))}
                >
                  <Trash2 />
                </IconButton>
              </div>
              {parsed.ok ? null : (
                <p className="mt-1 text-bad text-xs">
                  <Glyph sign="✖" /> {parsed.problem}
                </p>
              )}
            </div>
          );
        })}
      </div>
      <Button
        look="quiet"
        className="mt-2"
        onClick={() =>
          onChange([
            ...rows,
            {
              id: Math.max(0, ...rows.map((row) => row.id)) + 1,
              name: `variant-${rows.length + 1}`,
              text: type === 'json' ? '{}' : '',
            },
          ])
        }
      >
        <Plus className="size-4" aria-hidden="true" /> Add variant
      </Button>
    </fieldset>
  );
}
