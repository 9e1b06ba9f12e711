import type { FlagType } from '@spillway/evaluator';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../../api.ts';
import type { Environment } from '../../documents.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { KeyChips } from '../../ui/key-chips.tsx';
import { ProblemNote } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toast } from '../../ui/toast.tsx';
import { EnvironmentBoxes } from './environment-boxes.tsx';
import { chosenStrategy, FIRST_PRESET, KINDS, type Preset } from './kinds.ts';
import { PercentInput } from './share-rows.tsx';
import { KEY, type VariantRow, VariantRows, variantsOf } from './variant-rows.tsx';

const TYPES = [
  { id: 'boolean', label: 'Boolean' },
  { id: 'string', label: 'String' },
  { id: 'number', label: 'Number' },
  { id: 'json', label: 'JSON' },
] as const;

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
      <NewFlagForm onClose={props.onClose} environments={props.environments} />
    </Dialog>
  );
}

function NewFlagForm({ onClose, environments }: { onClose: () => void; environments: readonly Environment[] }) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const [type, setType] = useState<FlagType>('boolean');
  const [description, setDescription] = useState('');
  const [owner, setOwner] = useState('');
  const [tags, setTags] = useState<readonly string[]>([]);
  const [preset, setPreset] = useState(FIRST_PRESET);
  const [targets, setTargets] = useState<string[] | undefined>();
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
  const variants = type === 'boolean' ? [] : variantsOf(type, rows);
  const strategy = chosenStrategy(preset);
  const create = useMutation({
    mutationFn: () =>
      ask('createFlag', {
        query: {},
        body: {
          key,
          type,
          kind: preset.kind,
          ...(description === '' ? {} : { description }),
          ...(owner === '' ? {} : { owner }),
          ...(tags.length === 0 ? {} : { tags: [...tags] }),
          ...(type === 'boolean' || variants === undefined ? {} : { variants }),
          ...(targets === undefined ? {} : { target_environments: targets }),
          ...(strategy === undefined ? {} : { strategy }),
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
  const ready = KEY.test(key) && variants !== undefined && tags.every((tag) => KEY.test(tag));
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
      <PresetFields
        preset={preset}
        onChange={setPreset}
        environments={environments}
        targets={targets}
        onTargets={setTargets}
      />
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
      <div>
        <p className="mb-1 font-medium">Tags (optional)</p>
        <KeyChips label="Tags" keys={tags} isKnown={(tag) => KEY.test(tag)} onChange={setTags} />
      </div>
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

function PresetFields({
  preset,
  onChange,
  environments,
  targets,
  onTargets,
}: {
  preset: Preset;
  onChange: (preset: Preset) => void;
  environments: readonly Environment[];
  targets: readonly string[] | undefined;
  onTargets: (targets: string[] | undefined) => void;
}) {
  return (
    <div className="space-y-3">
      <Field label="Starting point" hint={KINDS.find(({ id }) => id === preset.kind)?.about}>
        {(control) => (
          <Select
            {...control}
            value={preset.kind}
            onChange={(event) => {
              const kind = KINDS.find(({ id }) => id === event.target.value)?.id;
              if (kind !== undefined) onChange({ ...preset, kind });
              onTargets(undefined);
            }}
          >
            {KINDS.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {preset.kind === 'percentage' ? (
        <PercentInput
          label="Percentage to start with"
          value={preset.percentage}
          onChange={(percentage) => onChange({ ...preset, percentage })}
        />
      ) : null}
      {preset.kind === 'user_list' ? (
        <KeyChips
          label="People"
          placeholder="targeting keys"
          keys={preset.users}
          onChange={(users) => onChange({ ...preset, users })}
        />
      ) : null}
      {preset.kind === 'environment' ? (
        <EnvironmentBoxes environments={environments} chosen={targets} onChange={onTargets} />
      ) : null}
    </div>
  );
}
