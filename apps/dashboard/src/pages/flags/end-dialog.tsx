import type { CallOutput } from '@spillway/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../../api.ts';
import type { Flag } from '../../documents.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, ReasonField } from '../../ui/field.tsx';
import { flagLink, NamedLinks, switchLink } from '../../ui/named-links.tsx';
import { Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';

type Dependents = CallOutput<'flagDependents'>;
export type Ending = 'archive' | 'delete';

const WORDS: Readonly<Record<Ending, { verb: string; done: string; effect: string }>> = {
  archive: {
    verb: 'Archive',
    done: 'archived',
    effect: 'Code that still asks for it gets its own default value, until a version of it is restored.',
  },
  delete: {
    verb: 'Delete',
    done: 'deleted',
    effect: 'Code that still asks for it gets its own default value from then on. The log keeps what it was.',
  },
};

/** What still depends on the flag, and why it goes nevertheless. */
export function EndDialog({ flag, how, onClose }: { flag: Flag; how: Ending; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const { verb, effect } = WORDS[how];
  const dependents = useDependents(flag.key);
  const end = useEnding(flag, how, onClose);
  // Flags that require it would be answered differently: the server refuses, so it is not offered.
  const isHeld = dependents.data !== undefined && dependents.data.flags.length > 0;
  const isTyped = how === 'archive' || typed === flag.key;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${verb} ${flag.key}?`}
      description={effect}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={how === 'delete' ? 'danger' : 'primary'}
            disabled={isHeld || reason.trim() === '' || !isTyped}
            busy={end.isPending}
            onClick={() => end.mutate(reason.trim())}
          >
            {verb}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {dependents.isError ? (
          <ProblemNote error={dependents.error} onRetry={() => dependents.refetch()} />
        ) : dependents.data === undefined ? (
          <Loading rows={2} label="Looking for what depends on it" />
        ) : (
          <StillDepending dependents={dependents.data} />
        )}
        {isHeld ? null : (
          <>
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
          </>
        )}
        {end.isError ? <ProblemNote error={end.error} /> : null}
      </div>
    </Dialog>
  );
}

function useDependents(key: string) {
  return useQuery({
    queryKey: ['flags', 'dependents', key],
    queryFn: ({ signal }) => ask('flagDependents', { params: { key }, signal }),
    staleTime: 0,
  });
}

function useEnding(flag: Flag, how: Ending, onClose: () => void) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: async (reason: string) => {
      const request = { params: { key: flag.key }, ifMatch: flag.version };
      if (how === 'archive') await ask('archiveFlag', { ...request, body: { reason } });
      else await ask('deleteFlag', { ...request, query: { reason } });
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['flags'] });
      toast('ok', `${flag.key} is ${WORDS[how].done}`);
      onClose();
      // In place of this page, which is no more: going back must not lead to it.
      if (how === 'delete') navigate('/flags', { replace: true });
    },
  });
}

function StillDepending({ dependents }: { dependents: Dependents }) {
  const { flags, switches, references } = dependents;
  if (flags.length + switches.length + references.length === 0) {
    return <Notice tone="ok">No flag, kill switch or known place in code depends on it.</Notice>;
  }
  const isHeld = flags.length > 0;
  return (
    <Notice
      tone={isHeld ? 'bad' : 'warn'}
      title={isHeld ? 'Other flags need it: take it out of them first' : 'Still depending on it'}
    >
      <div className="mt-1 space-y-2">
        <NamedLinks
          title="Flags"
          items={flags.map(({ flag, child, environments }) => ({
            ...flagLink(flag),
            note: [
              ...(child ? ['as its parent'] : []),
              ...(environments.length > 0 ? [`requires it in ${environments.join(', ')}`] : []),
            ].join(', '),
          }))}
        />
        <NamedLinks title="Kill switches" items={switches.map(switchLink)} />
        <NamedLinks
          title="Places in code"
          items={references.map(({ repository, path, line }) => ({ key: `${path}:${line}`, note: `in ${repository}` }))}
        />
      </div>
    </Notice>
  );
}
