import { useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, ReasonField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toast } from '../../ui/toast.tsx';
import { type Kind, newSegment } from './definition.ts';
import { useCreateSegment } from './queries.ts';

const KINDS = [
  { id: 'rules', label: 'Rules' },
  { id: 'list', label: 'List' },
  { id: 'combination', label: 'Combination' },
] as const;

const ABOUT: Readonly<Record<Kind, string>> = {
  rules: 'Conditions on the context, such as country or plan.',
  list: 'Named one by one, up to a million; filled from a file.',
  combination: 'Made of other segments: all of these, without those.',
};

const KEY = /^[a-z0-9][a-z0-9._-]{0,127}$/;

export function NewSegmentDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [key, setKey] = useState('');
  const [description, setDescription] = useState('');
  const [kind, setKind] = useState<Kind>('rules');
  const [reason, setReason] = useState('');
  const create = useCreateSegment();
  const isReady = KEY.test(key);
  const submit = () =>
    create.mutate(
      { body: newSegment(key, kind, description.trim() === '' ? {} : { description: description.trim() }), reason },
      {
        onSuccess: (made) => {
          toast('ok', `Created ${made.key}: nobody belongs to it yet`);
          navigate(`/segments/${encodeURIComponent(made.key)}${kind === 'list' ? '?tab=list' : ''}`);
        },
      },
    );
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="New segment"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.isPending} disabled={!isReady} onClick={submit}>
            Create segment
          </Button>
        </>
      }
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) submit();
        }}
      >
        <Field
          label="Key"
          hint="What rules name it by. It cannot be changed later."
          error={key === '' || KEY.test(key) ? undefined : 'Use a–z, 0–9, dots, dashes and underscores.'}
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              className="font-mono"
              placeholder="beta-testers"
              value={key}
              maxLength={128}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
        <div>
          <p className="mb-1 font-medium">Who belongs is told by</p>
          <Segmented label="Who belongs is told by" options={KINDS} value={kind} onChange={setKind} />
          <p className="mt-1 text-muted text-xs">{ABOUT[kind]}</p>
        </div>
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
        <ReasonField value={reason} onChange={setReason} required={false} />
        {create.isError ? <ProblemNote error={create.error} /> : null}
        <button type="submit" className="hidden" tabIndex={-1} aria-hidden="true" />
      </form>
    </Dialog>
  );
}
