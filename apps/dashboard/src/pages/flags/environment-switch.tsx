import { useState } from 'react';
import { problemOf } from '../../api.ts';
import type { Environment, Flag } from '../../documents.ts';
import { Switch } from '../../ui/switch.tsx';
import { toast } from '../../ui/toast.tsx';
import { stateIn } from './flag-state.ts';
import { ReviewDialog } from './review-dialog.tsx';
import { useSaveEnvironment } from './save-environment.ts';

/** Turns a flag on or off. A protected environment is never changed by one click: the difference is shown first. */
export function EnvironmentSwitch({ flag, environment }: { flag: Flag; environment: Environment }) {
  const [reviewing, setReviewing] = useState(false);
  const save = useSaveEnvironment();
  const state = stateIn(flag, environment.key);
  const word = state.enabled ? 'off' : 'on';

  const toggle = (shown: Flag, enabled: boolean, undo: boolean) =>
    save.mutate(
      { flag: shown, environment: environment.key, patch: { enabled }, reason: undo ? 'undone' : '' },
      {
        onSuccess: (saved) =>
          toast(
            'ok',
            `${flag.key} is ${enabled ? 'on' : 'off'} in ${environment.key}`,
            undo ? undefined : { label: 'Undo', run: () => toggle(saved, !enabled, true) },
          ),
        onError: (error) => {
          const problem = problemOf(error);
          toast(
            'bad',
            problem.code === 'stale' ? `${flag.key} was just changed by someone else: look again` : problem.detail,
          );
        },
      },
    );

  return (
    <>
      <Switch
        on={state.enabled}
        busy={save.isPending}
        disabled={flag.lifecycle === 'archived'}
        label={`${flag.key} in ${environment.key}`}
        onChange={(next) => (environment.protected ? setReviewing(true) : toggle(flag, next, false))}
      />
      {reviewing ? (
        <ReviewDialog
          flag={flag}
          environment={environment}
          draft={{ ...state, enabled: !state.enabled }}
          title={`Turn ${word} ${flag.key} in ${environment.key}?`}
          confirm={`Turn ${word} in ${environment.key}`}
          onClose={() => setReviewing(false)}
          onSaved={() => toast('ok', `${flag.key} is ${word} in ${environment.key}`)}
        />
      ) : null}
    </>
  );
}
