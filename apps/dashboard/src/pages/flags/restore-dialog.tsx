import { flagChanges } from '@spillway/core/wording';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, problemOf } from '../../api.ts';
import type { Environment, Flag } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { Button } from '../../ui/button.tsx';
import { ChangeList } from '../../ui/change-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ReasonField } from '../../ui/field.tsx';
import { Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';
import { useFlagVersion } from './compare-versions.tsx';

/** What bringing a version back would change now, and why it is done. It becomes a new version; nothing is lost. */
export function RestoreDialog({
  flag: opened,
  version,
  environments,
  onClose,
}: {
  flag: Flag;
  version: number;
  environments: readonly Environment[];
  onClose: () => void;
}) {
  const [flag, setFlag] = useState(opened);
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const was = useFlagVersion(flag, version);
  const restore = useMutation({
    mutationFn: () =>
      ask('restoreFlag', {
        params: { key: flag.key },
        body: { version, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
        ifMatch: flag.version,
      }),
    onSuccess: (saved) => {
      queries.setQueryData(keys.flag(saved.key), saved);
      toast('ok', `${saved.key} is again as in version ${version}, now version ${saved.version}`);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['flags'] }),
  });
  const changes = was.data === undefined ? [] : flagChanges(flag, was.data);
  const needsReason = environments.some(
    (item) => item.protected && changes.some(({ name }) => name.startsWith(`${item.key}: `) || !name.includes(': ')),
  );
  const isStale = restore.isError && problemOf(restore.error).code === 'stale' && opened.version > flag.version;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Restore version ${version} of ${flag.key}?`}
      description="It becomes a new version on top of the others: restoring can be undone in the same way."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {isStale ? (
            <Button
              onClick={() => {
                setFlag(opened);
                restore.reset();
              }}
            >
              Look again at version {opened.version}
            </Button>
          ) : null}
          <Button
            look="primary"
            busy={restore.isPending}
            disabled={changes.length === 0 || isStale || (needsReason && reason.trim() === '')}
            onClick={() => restore.mutate()}
          >
            Restore version {version}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {was.isError ? (
          <ProblemNote error={was.error} />
        ) : was.data === undefined ? (
          <Loading rows={3} />
        ) : changes.length === 0 ? (
          <Notice>The flag is as it was in version {version}: there is nothing to restore.</Notice>
        ) : (
          <ChangeList rows={changes} />
        )}
        <ReasonField value={reason} onChange={setReason} required={needsReason} autoFocus />
        {isStale ? (
          <Notice tone="warn" title="Someone else saved meanwhile">
            Nothing was restored. Look again at what it would change now.
          </Notice>
        ) : restore.isError ? (
          <ProblemNote error={restore.error} />
        ) : null}
      </div>
    </Dialog>
  );
}
