import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import type { Flag, FlagEnvironment } from '../../documents.ts';
import { keys } from '../../live/keys.ts';

export interface EnvironmentSave {
  readonly flag: Flag;
  readonly environment: string;
  readonly patch: Partial<FlagEnvironment>;
  readonly reason: string;
}

/** Writes on the version that was shown; a newer one makes the server refuse with `stale`. */
export function useSaveEnvironment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ flag, environment, patch, reason }: EnvironmentSave) =>
      ask('updateFlagEnvironment', {
        params: { key: flag.key, environment },
        query: reason === '' ? {} : { reason },
        body: patch,
        ifMatch: flag.version,
      }),
    onSuccess: (saved) => queries.setQueryData(keys.flag(saved.key), saved),
    onSettled: () => queries.invalidateQueries({ queryKey: ['flags'] }),
  });
}
