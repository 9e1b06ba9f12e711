import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ask } from '../../api.ts';
import type { Environment } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { Button } from '../../ui/button.tsx';
import { CheckBox } from '../../ui/check-box.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, ReasonField, Select } from '../../ui/field.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';
import { BrowserSettings } from './browser-settings.tsx';
import { ProtectedBox } from './protected-box.tsx';
import { SETTINGS, type Setting } from './recent-contexts.tsx';

/** What an environment wants of changes, and what it keeps of those whom it is asked for. */
export function EnvironmentDialog({ environment: opened, onClose }: { environment: Environment; onClose: () => void }) {
  // Frozen when it opens, so that a change by somebody else is not taken for one made here.
  const [environment] = useState(opened);
  const [draft, setDraft] = useState(environment);
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const changes = changesOf(environment, draft);
  const save = useMutation({
    mutationFn: () =>
      ask('updateEnvironment', {
        params: { key: environment.key },
        query: reason.trim() === '' ? {} : { reason: reason.trim() },
        body: changes,
        ifMatch: environment.version,
      }),
    onSuccess: ({ key, version }) => {
      toast('ok', `${key} is saved, version ${version}`);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keys.environments }),
  });
  const blocked = Object.keys(changes).length === 0 || (environment.protected && reason.trim() === '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!blocked) save.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={`Settings of ${environment.key}`} width="max-w-md">
      <form className="space-y-4" onSubmit={submit}>
        <Field label="Description">
          {(control) => (
            <Input
              {...control}
              maxLength={2000}
              value={draft.description}
              onChange={(event) => setDraft({ ...draft, description: event.target.value })}
            />
          )}
        </Field>
        <Field label="Recent contexts" hint="What is kept of those whom applications ask for: changes are tried on it.">
          {(control) => (
            <Select
              {...control}
              value={draft.recent_contexts}
              onChange={(event) => setDraft({ ...draft, recent_contexts: event.target.value as Setting })}
            >
              {Object.entries(SETTINGS).map(([setting, words]) => (
                <option key={setting} value={setting}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <CheckBox
          title="Count different users"
          hint="Applications tell sketches, which hold nobody’s key. Evaluations are counted in any case."
          checked={draft.unique_users}
          onChange={(unique_users) => setDraft({ ...draft, unique_users })}
        />
        <BrowserSettings settings={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
        <ProtectedBox
          checked={draft.protected}
          onChange={(isProtected) => setDraft({ ...draft, protected: isProtected })}
        />
        {environment.protected && !draft.protected ? (
          <Notice tone="warn" title={`From then on anybody changes ${environment.key} without saying why`}>
            Switches there turn flags on and off for users with one click.
          </Notice>
        ) : null}
        {environment.protected ? <ReasonField value={reason} onChange={setReason} required /> : null}
        {save.isError ? <ProblemNote error={save.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={save.isPending} disabled={blocked}>
            Save settings
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Only what differs: what is left out stays. */
function changesOf(before: Environment, after: Environment) {
  return {
    ...(before.description === after.description ? {} : { description: after.description }),
    ...(before.protected === after.protected ? {} : { protected: after.protected }),
    ...(before.recent_contexts === after.recent_contexts ? {} : { recent_contexts: after.recent_contexts }),
    ...(before.unique_users === after.unique_users ? {} : { unique_users: after.unique_users }),
    ...(before.client_contexts === after.client_contexts ? {} : { client_contexts: after.client_contexts }),
    ...(before.allowed_origins.join() === after.allowed_origins.join()
      ? {}
      : { allowed_origins: after.allowed_origins }),
  };
}
