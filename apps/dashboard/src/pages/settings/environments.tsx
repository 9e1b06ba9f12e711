import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { ask } from '../../api.ts';
import type { Environment } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { useEnvironments } from '../../live/queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import { EnvironmentDialog } from './environment-dialog.tsx';
import { ProtectedBox } from './protected-box.tsx';
import { RecentContexts } from './recent-contexts.tsx';

export function Environments() {
  const environments = useEnvironments();
  const [creating, setCreating] = useState(false);
  const [editing, setEditing] = useState<Environment>();
  return (
    <Section
      title="Environments"
      action={
        <Button onClick={() => setCreating(true)}>
          <Plus className="size-4" aria-hidden="true" /> New environment
        </Button>
      }
    >
      {environments.isError ? <ProblemNote error={environments.error} onRetry={() => environments.refetch()} /> : null}
      {environments.isPending ? (
        <Loading rows={3} />
      ) : (
        <Card>
          <ul className="divide-y divide-line">
            {(environments.data ?? []).map((environment) => (
              <li key={environment.key} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
                <span className="w-40 font-medium">
                  <Mono>{environment.key}</Mono>
                </span>
                <span className="min-w-0 flex-1 basis-40 text-muted">{environment.description}</span>
                {environment.protected ? (
                  <Badge tone="bad" glyph="◆">
                    Protected
                  </Badge>
                ) : null}
                <RecentContexts environment={environment} />
                <Button className="ml-auto" onClick={() => setEditing(environment)}>
                  Settings<span className="sr-only"> of {environment.key}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {editing === undefined ? null : <EnvironmentDialog environment={editing} onClose={() => setEditing(undefined)} />}
      {creating ? <NewEnvironment onClose={() => setCreating(false)} /> : null}
    </Section>
  );
}

function NewEnvironment({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const [description, setDescription] = useState('');
  const [isProtected, setProtected] = useState(false);
  const create = useMutation({
    mutationFn: () => ask('createEnvironment', { body: { key, description, protected: isProtected } }),
    onSuccess: (environment) => {
      void queries.invalidateQueries({ queryKey: keys.environments });
      toast('ok', `${environment.key} is created; every flag is off there`);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog open onClose={onClose} title="New environment" width="max-w-md">
      <form className="space-y-4" onSubmit={submit}>
        <Field label="Key">
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={128}
              pattern="[a-z0-9][a-z0-9._\-]*"
              className="font-mono"
              placeholder="preview"
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
        <Field label="Description (optional)">
          {(control) => (
            <Input
              {...control}
              maxLength={2000}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <ProtectedBox checked={isProtected} onChange={setProtected} />
        {create.isError ? <ProblemNote error={create.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={create.isPending} disabled={key === ''}>
            Create environment
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
