import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Loading, Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';

/** One user: what is known, the segments that follow from it, and the way to forget them. */
export function ProfileDialog({ profileKey, onClose }: { profileKey: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const profile = useQuery({
    queryKey: ['profiles', 'one', profileKey],
    queryFn: ({ signal }) => ask('getProfile', { params: { key: profileKey }, signal }),
  });
  const remove = useMutation({
    mutationFn: () => ask('deleteProfile', { params: { key: profileKey } }),
    onSuccess: () => {
      toast('ok', `${profileKey} is forgotten`);
      void queries.invalidateQueries({ queryKey: ['profiles', 'list'] });
      void queries.invalidateQueries({ queryKey: ['segments'] });
      onClose();
    },
  });
  const segments = profile.data?.segments ?? [];
  return (
    <Dialog
      open
      onClose={onClose}
      title={profileKey}
      footer={
        confirming ? (
          <>
            <Button onClick={() => setConfirming(false)}>Keep</Button>
            <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              Delete for good
            </Button>
          </>
        ) : (
          <Button look="danger-outline" disabled={profile.data === undefined} onClick={() => setConfirming(true)}>
            Delete profile
          </Button>
        )
      }
    >
      <div className="space-y-4">
        {profile.isError ? <ProblemNote error={profile.error} onRetry={() => profile.refetch()} /> : null}
        {profile.isPending ? <Loading rows={3} label="Loading the profile" /> : null}
        {profile.data === undefined ? null : (
          <>
            <div>
              <h3 className="mb-1 font-medium">
                {segments.length === 0 ? 'Belongs to no segment' : 'Belongs to, by priority'}
              </h3>
              <ul className="flex flex-wrap gap-1.5">
                {segments.map((key) => (
                  <li key={key}>
                    <Link
                      href={`/segments/${encodeURIComponent(key)}`}
                      className="inline-flex rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs hover:text-accent hover:underline"
                    >
                      {key}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
            <div>
              <h3 className="mb-1 font-medium">Attributes</h3>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long values are scrolled by keyboard too */}
              <pre tabIndex={0} className="max-h-80 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs">
                {JSON.stringify(profile.data.attributes, null, 2)}
              </pre>
            </div>
          </>
        )}
        {confirming ? (
          <Notice tone="warn" title="Nothing of it is kept, not in the log either">
            Segments count without it from then on.
          </Notice>
        ) : null}
        {remove.isError ? <ProblemNote error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
