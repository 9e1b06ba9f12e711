import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { ask } from '../../api.ts';
import type { Environment } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { Select } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';

export type Setting = Environment['recent_contexts'];

export const SETTINGS: Readonly<Record<Setting, string>> = {
  off: 'not kept',
  hashed: 'kept, keys hashed',
  full: 'kept in full',
};

/** What applications may tell of whom they asked for: changes are tried on it before they are saved. */
export function RecentContexts({ environment }: { environment: Environment }) {
  const id = useId();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (recent_contexts: Setting) =>
      ask('updateEnvironment', {
        params: { key: environment.key },
        body: { recent_contexts },
        ifMatch: environment.version,
      }),
    onSuccess: ({ key, recent_contexts }) => toast('ok', `Recent contexts of ${key}: ${SETTINGS[recent_contexts]}`),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.environments }),
  });
  // A protected environment wants a reason, which is asked for among its other settings.
  if (environment.protected) {
    return <span className="text-muted text-xs">Recent contexts: {SETTINGS[environment.recent_contexts]}</span>;
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label htmlFor={id} className="text-muted text-xs">
        Recent contexts
        <span className="sr-only"> of {environment.key}</span>
      </label>
      <Select
        id={id}
        className="w-44!"
        value={environment.recent_contexts}
        disabled={change.isPending}
        onChange={(event) => change.mutate(event.target.value as Setting)}
      >
        {Object.entries(SETTINGS).map(([setting, words]) => (
          <option key={setting} value={setting}>
            {words}
          </option>
        ))}
      </Select>
      {change.isError ? <ProblemNote error={change.error} /> : null}
    </div>
  );
}
