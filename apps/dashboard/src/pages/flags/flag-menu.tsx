import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Archive, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../../api.ts';
import type { Environment, Flag } from '../../documents.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, ReasonField } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';

const DetailsDialog = lazy(async () => ({ default: (await import('./details-dialog.tsx')).DetailsDialog }));

/** What can be done to the flag as a whole. */
export function FlagMenu({ flag, environments }: { flag: Flag; environments: readonly Environment[] }) {
  const [asking, setAsking] = useState<'archive' | 'delete' | 'details' | undefined>();
  const close = () => setAsking(undefined);
  return (
    <>
      <Button onClick={() => setAsking('details')}>
        <Pencil className="size-4" aria-hidden="true" /> Details
      </Button>
      <Menu
        trigger={
          <IconButton label="More actions" className="border border-line">
            <Ellipsis />
          </IconButton>
        }
        items={[
          {
            label: 'Archive',
            icon: <Archive />,
            disabled: flag.lifecycle === 'archived',
            run: () => setAsking('archive'),
          },
          { label: 'Delete', icon: <Trash2 />, danger: true, run: () => setAsking('delete') },
        ]}
      />
      {asking === 'details' ? (
        <Suspense>
          <DetailsDialog flag={flag} environments={environments} onClose={close} />
        </Suspense>
      ) : asking === undefined ? null : (
        <EndDialog flag={flag} how={asking} onClose={close} />
      )}
    </>
  );
}

function EndDialog({ flag, how, onClose }: { flag: Flag; how: 'archive' | 'delete'; onClose: () => void }) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const end = useMutation({
    mutationFn: async () => {
      if (how === 'archive') {
        await ask('archiveFlag', {
          params: { key: flag.key },
          body: reason === '' ? {} : { reason },
          ifMatch: flag.version,
        });
      } else {
        await ask('deleteFlag', {
          params: { key: flag.key },
          query: reason === '' ? {} : { reason },
          ifMatch: flag.version,
        });
      }
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['flags'] });
      toast('ok', `${flag.key} is ${how === 'archive' ? 'archived' : 'deleted'}`);
      onClose();
      if (how === 'delete') navigate('/flags');
    },
  });
  const word = how === 'archive' ? 'Archive' : 'Delete';
  const blocked = reason.trim() === '' || (how === 'delete' && typed !== flag.key);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${word} ${flag.key}?`}
      description={
        how === 'archive'
          ? 'It leaves the list. Code that still asks for it keeps getting its configured answer.'
          : 'Code that still asks for it gets its own default value from then on. The log keeps what it was.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={how === 'delete' ? 'danger' : 'primary'}
            disabled={blocked}
            busy={end.isPending}
            onClick={() => end.mutate()}
          >
            {word}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <ReasonField value={reason} onChange={setReason} required autoFocus />
        {how === 'delete' ? (
          <Field label={`Type ${flag.key} to delete it`}>
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {end.isError ? <ProblemNote error={end.error} /> : null}
      </div>
    </Dialog>
  );
}
