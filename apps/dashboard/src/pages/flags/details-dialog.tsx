import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, problemOf } from '../../api.ts';
import { parseJson } from '../../conditions/values.ts';
import type { Environment, Flag } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { useServices } from '../../live/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ChangeList } from '../../ui/change-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, ReasonField, Select, TextArea } from '../../ui/field.tsx';
import { type FieldProblem, FieldProblems, problemsIn } from '../../ui/field-problems.tsx';
import { KeyChips } from '../../ui/key-chips.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';
import { EnvironmentBoxes } from './environment-boxes.tsx';
import { type Details, detailChanges, detailsOf, inputOf, isFelt } from './flag-details.ts';
import { FlagPicker } from './flag-picker.tsx';
import { KINDS } from './kinds.ts';
import { KEY, rowsOf, VariantRows, variantsOf } from './variant-rows.tsx';

interface DetailsDialogProps {
  readonly flag: Flag;
  readonly environments: readonly Environment[];
  readonly onClose: () => void;
}

/** What a team keeps about a flag: edited, shown as a difference, saved with a reason. */
export function DetailsDialog({ flag: opened, environments, onClose }: DetailsDialogProps) {
  // Frozen when it opens: what is edited must not move under the hands of who edits it.
  const [flag] = useState(opened);
  const before = detailsOf(flag);
  const [details, setDetails] = useState<Details>(before);
  const [broken, setBroken] = useState(false);
  const [reviewing, setReviewing] = useState(false);
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      ask('replaceFlag', {
        params: { key: flag.key },
        query: reason.trim() === '' ? {} : { reason: reason.trim() },
        body: inputOf(flag, details),
        ifMatch: flag.version,
      }),
    onSuccess: (saved) => {
      queries.setQueryData(keys.flag(saved.key), saved);
      toast('ok', `${saved.key} is saved, version ${saved.version}`);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['flags'] }),
  });
  const changes = detailChanges(before, details);
  const needsReason = isFelt(before, details) && environments.some((environment) => environment.protected);
  const isStale = save.isError && problemOf(save.error).code === 'stale';
  const blocked = changes.length === 0 || broken || (reviewing && needsReason && reason.trim() === '');
  const proceed = () => {
    if (blocked) return;
    if (reviewing) save.mutate();
    else setReviewing(true);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="max-w-2xl"
      title={reviewing ? `Change the details of ${flag.key}?` : `Details of ${flag.key}`}
      footer={
        <>
          <Button onClick={() => (reviewing ? setReviewing(false) : onClose())}>{reviewing ? 'Back' : 'Cancel'}</Button>
          <Button look="primary" disabled={blocked || isStale} busy={save.isPending} onClick={proceed}>
            {reviewing ? 'Save details' : 'Review changes'}
          </Button>
        </>
      }
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          proceed();
        }}
      >
        {reviewing ? (
          <>
            <ChangeList rows={changes} />
            <ReasonField value={reason} onChange={setReason} required={needsReason} autoFocus />
            {isStale ? (
              <Notice tone="warn" title={`Version ${opened.version} was saved meanwhile`}>
                Nothing of yours was saved. Close this, look at what changed under Activity, and make your change again
                on the new version.
              </Notice>
            ) : save.isError ? (
              <ProblemNote error={save.error} />
            ) : null}
          </>
        ) : (
          <DetailsForm
            flag={flag}
            environments={environments}
            details={details}
            problems={save.isError ? (problemOf(save.error).errors ?? []) : []}
            onChange={setDetails}
            onBroken={setBroken}
          />
        )}
      </form>
    </Dialog>
  );
}

function DetailsForm({
  flag,
  environments,
  details,
  problems,
  onChange,
  onBroken,
}: {
  flag: Flag;
  environments: readonly Environment[];
  details: Details;
  problems: readonly FieldProblem[];
  onChange: (details: Details) => void;
  onBroken: (isBroken: boolean) => void;
}) {
  const services = useServices().data?.map(({ key }) => key);
  const [rows, setRows] = useState(() => rowsOf(flag.type, details.variants));
  const [schema, setSchema] = useState(() =>
    details.value_schema === undefined ? '' : JSON.stringify(details.value_schema, null, 2),
  );
  const read = schemaOf(schema);
  const set = (part: Partial<Details>) => onChange({ ...details, ...part });
  const judge = (nextRows: typeof rows, nextSchema: string) =>
    onBroken(variantsOf(flag.type, nextRows) === undefined || schemaOf(nextSchema).problem !== undefined);
  const at = (pointer: string) => <FieldProblems problems={problemsIn(problems, pointer)} />;
  return (
    <>
      <Field label="Description">
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            maxLength={2000}
            value={details.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Owner" hint="Who to ask before it is removed.">
          {(control) => (
            <Input
              {...control}
              maxLength={256}
              value={details.owner}
              onChange={(event) => set({ owner: event.target.value })}
            />
          )}
        </Field>
        <Field label="Kind" hint="What it is for, in words; evaluation does not ask.">
          {(control) => (
            <Select
              {...control}
              value={details.kind ?? ''}
              onChange={(event) => {
                const { kind: _, ...rest } = details;
                const kind = KINDS.find(({ id }) => id === event.target.value)?.id;
                onChange(kind === undefined ? rest : { ...rest, kind });
              }}
            >
              <option value="">–</option>
              {KINDS.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div>
          <p className="mb-1 font-medium">Tags</p>
          <KeyChips label="Tags" keys={details.tags} isKnown={isKey} onChange={(tags) => set({ tags: [...tags] })} />
          {at('/tags')}
        </div>
        <div>
          <p className="mb-1 font-medium">Stops with services</p>
          <KeyChips
            label="Services"
            keys={details.services}
            suggestions={services}
            isKnown={isKey}
            onChange={(next) => set({ services: [...next] })}
          />
          <p className="mt-1 text-muted text-xs">Their kill switches turn this flag off as well.</p>
          {at('/services')}
        </div>
        <div>
          <p className="mb-1 font-medium">Parent</p>
          <div className="flex">
            <FlagPicker
              label="Parent flag"
              value={details.parent ?? ''}
              except={flag.key}
              onChange={(key) => {
                const { parent: _, ...rest } = details;
                onChange(key === '' ? rest : { ...rest, parent: key });
              }}
            />
          </div>
          <p className="mt-1 text-muted text-xs">This flag is off wherever its parent is.</p>
          {at('/parent')}
        </div>
        <EnvironmentBoxes
          environments={environments}
          chosen={details.target_environments}
          onChange={(chosen) => {
            const { target_environments: _, ...rest } = details;
            onChange(chosen === undefined ? rest : { ...rest, target_environments: chosen });
          }}
        >
          {at('/target_environments')}
        </EnvironmentBoxes>
      </div>
      <VariantRows
        rows={rows}
        type={flag.type}
        problems={problems}
        onChange={(next) => {
          setRows(next);
          judge(next, schema);
          const variants = variantsOf(flag.type, next);
          if (variants !== undefined) set({ variants });
        }}
      />
      {flag.type === 'json' ? (
        <Field
          label="Schema of values (optional)"
          hint="A JSON Schema that every variant and every served value has to meet."
          error={read.problem ?? problemsIn(problems, '/value_schema')[0]?.message}
        >
          {(control) => (
            <TextArea
              {...control}
              rows={5}
              className="font-mono text-xs"
              placeholder='{"type": "object", "required": ["sections"]}'
              value={schema}
              onChange={(event) => {
                const { value } = event.target;
                setSchema(value);
                judge(rows, value);
                const next = schemaOf(value);
                if (next.problem !== undefined) return;
                const { value_schema: _, ...rest } = details;
                onChange(next.schema === undefined ? rest : { ...rest, value_schema: next.schema });
              }}
            />
          )}
        </Field>
      ) : null}
      <label className="touch flex items-center gap-2">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={details.permanent === true}
          onChange={(event) => {
            const { permanent: _, ...rest } = details;
            onChange(event.target.checked ? { ...rest, permanent: true } : rest);
          }}
        />
        Permanent: never reported as stale
      </label>
    </>
  );
}

const isKey = (key: string) => KEY.test(key);

function schemaOf(text: string): { readonly schema?: NonNullable<Details['value_schema']>; readonly problem?: string } {
  if (text.trim() === '') return {};
  const parsed = parseJson(text);
  if (!parsed.ok) return { problem: parsed.problem };
  const { value } = parsed;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { schema: value as NonNullable<Details['value_schema']> }
    : { problem: 'must be an object' };
}
