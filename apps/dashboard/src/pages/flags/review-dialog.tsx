import { environmentChanges } from '@spillway/core/wording';
import { useState } from 'react';
import { problemOf } from '../../api.ts';
import type { Environment, Flag, FlagEnvironment } from '../../documents.ts';
import { useFlag } from '../../live/queries.ts';
import { ReviewFrame } from '../../review/review-frame.tsx';
import { Button } from '../../ui/button.tsx';
import { ChangeList } from '../../ui/change-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { FieldProblem } from '../../ui/field-problems.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { collisions, FIELD_NAMES, patchOf, rebase } from './environment-changes.ts';
import { stateIn, summaryOf } from './flag-state.ts';
import { ReviewEffect } from './review-effect.tsx';
import { useSaveEnvironment } from './save-environment.ts';

interface Review {
  readonly flag: Flag;
  readonly environment: Environment;
  readonly draft: FlagEnvironment;
  readonly title: string;
  readonly confirm: string;
  readonly onClose: () => void;
  readonly onSaved: (saved: Flag) => void;
  /** Told what the server found wrong, to be shown at the fields it names. */
  readonly onRefused?: (problems: readonly FieldProblem[]) => void;
}

/**
 * The exact difference and why, before anything is saved. When someone else saved first, both versions are shown and
 * the change can be put on top of theirs, to be reviewed again.
 */
export function ReviewDialog(props: Review) {
  const { environment, title, confirm, onClose, onSaved, onRefused } = props;
  // Frozen when the dialog opens: what is reviewed must not move under the eyes of who reviews it.
  const [work, setWork] = useState({ flag: props.flag, draft: props.draft });
  const save = useSaveEnvironment();
  const before = stateIn(work.flag, environment.key);
  const changes = environmentChanges(before, work.draft);
  const stale = save.isError && problemOf(save.error).code === 'stale';

  const submit = (reason: string) =>
    save.mutate(
      { flag: work.flag, environment: environment.key, patch: patchOf(before, work.draft), reason },
      {
        onSuccess: (saved) => {
          onSaved(saved);
          onClose();
        },
        onError: (error) => onRefused?.(problemOf(error).errors ?? []),
      },
    );

  if (stale) {
    return (
      <StaleDialog
        shown={work.flag}
        draft={work.draft}
        environment={environment}
        onClose={onClose}
        onRebase={(flag, draft) => {
          setWork({ flag, draft });
          save.reset();
        }}
      />
    );
  }

  return (
    <ReviewFrame
      title={title}
      confirm={confirm}
      wantsReason={environment.protected}
      isReady={changes.length > 0}
      isSaving={save.isPending}
      onConfirm={submit}
      onClose={onClose}
      problem={
        save.isError ? (
          <>
            <ProblemNote error={save.error} />
            {onRefused !== undefined && (problemOf(save.error).errors ?? []).length > 0 ? (
              <Button onClick={onClose}>Show where</Button>
            ) : null}
          </>
        ) : null
      }
    >
      {changes.length === 0 ? (
        <Notice>Nothing differs any more: someone made the same change.</Notice>
      ) : (
        <>
          <ChangeList rows={changes} />
          <Notice tone="info" title={work.draft.enabled ? 'On, once saved' : 'Off, once saved'}>
            {summaryOf(work.draft)}.
          </Notice>
          <ReviewEffect flag={work.flag} environment={environment} patch={patchOf(before, work.draft)} />
        </>
      )}
    </ReviewFrame>
  );
}

function StaleDialog({
  shown,
  draft,
  environment,
  onClose,
  onRebase,
}: {
  shown: Flag;
  draft: FlagEnvironment;
  environment: Environment;
  onClose: () => void;
  onRebase: (flag: Flag, draft: FlagEnvironment) => void;
}) {
  const latest = useFlag(shown.key);
  const current = latest.data !== undefined && latest.data.version > shown.version ? latest.data : undefined;
  const base = stateIn(shown, environment.key);
  const theirs = current === undefined ? base : stateIn(current, environment.key);
  const both = collisions(base, draft, theirs);
  const theirChanges = environmentChanges(base, theirs);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Someone else saved first"
      description={
        current === undefined
          ? 'Reading the newer version…'
          : `You were working on version ${shown.version}; version ${current.version} is current. Nothing of yours was saved.`
      }
      footer={
        <>
          <Button onClick={onClose}>Close without saving</Button>
          <Button
            look="primary"
            disabled={current === undefined}
            onClick={() => (current === undefined ? undefined : onRebase(current, rebase(base, draft, theirs)))}
          >
            Put mine on top, review again
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <div>
          <h3 className="mb-1.5 font-medium">Their change in {environment.key}</h3>
          {theirChanges.length === 0 ? (
            <p className="text-muted">None here: another environment or the flag's details changed.</p>
          ) : (
            <ChangeList rows={theirChanges} />
          )}
        </div>
        <div>
          <h3 className="mb-1.5 font-medium">Yours</h3>
          <ChangeList rows={environmentChanges(base, draft)} />
        </div>
        {both.length === 0 ? (
          <Notice tone="ok">The two do not touch: putting yours on top keeps both.</Notice>
        ) : (
          <Notice tone="warn" title={`Both changed: ${both.map((field) => FIELD_NAMES[field]).join(', ')}`}>
            Putting yours on top replaces theirs there.
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
