import { ChevronsRight, OctagonX, Pause, Play, StepForward } from 'lucide-react';
import { useState } from 'react';
import type { RolloutDocument } from '../../documents.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';
import { type Command, useCommand } from './live-rollout.ts';
import { currentStage } from './state.ts';

const DONE: Readonly<Record<Command, string>> = {
  pause: 'is on hold',
  resume: 'goes on',
  promote: 'goes to its next step',
  promote_fully: 'goes to all traffic',
  abort: 'goes back',
};

/** The verbs of the command line, always within reach at the foot of the page. */
export function ActionBar({ rollout, isProtected }: { rollout: RolloutDocument; isProtected: boolean }) {
  return (
    <div
      className="sticky bottom-0 z-10 border-line border-t bg-surface/95 px-4 py-2.5 backdrop-blur sm:px-8"
      data-bar=""
    >
      <div className="mx-auto max-w-[1376px]">
        <RolloutActions rollout={rollout} isProtected={isProtected} label="Rollout actions" />
      </div>
    </div>
  );
}

/** What can be done to a rollout under way. Only abort asks again, once. */
export function RolloutActions({
  rollout,
  isProtected,
  label,
}: {
  rollout: RolloutDocument;
  isProtected: boolean;
  label: string;
}) {
  const [reason, setReason] = useState('');
  const [aborting, setAborting] = useState(false);
  const command = useCommand(rollout.key);
  const back = rollout.status === 'rolling_back';
  const held = rollout.status === 'paused' || rollout.hold?.by === 'person';
  const run = (verb: Command, onDone?: () => void) =>
    command.mutate(
      { command: verb, reason: reason.trim() },
      {
        onSuccess: () => {
          setReason('');
          toast('ok', `${rollout.key} ${DONE[verb]}`);
          onDone?.();
        },
      },
    );
  const busy = (verb: Command) => command.isPending && command.variables.command === verb;
  return (
    <>
      <div role="toolbar" aria-label={label}>
        {command.isError && !aborting ? <ProblemNote error={command.error} className="mb-2" /> : null}
        <div className="flex flex-wrap items-center gap-2">
          <Input
            aria-label={isProtected ? 'Reason' : 'Reason (optional)'}
            placeholder={isProtected ? 'Reason, kept in the log' : 'Reason (optional)'}
            className="w-full! min-w-40 flex-1 sm:w-auto!"
            value={reason}
            maxLength={2000}
            onChange={(event) => setReason(event.target.value)}
          />
          {held ? (
            <Button look="primary" busy={busy('resume')} disabled={back} onClick={() => run('resume')}>
              <Play className="size-4" aria-hidden="true" /> Resume
            </Button>
          ) : (
            <Button busy={busy('pause')} disabled={back} onClick={() => run('pause')}>
              <Pause className="size-4" aria-hidden="true" /> Pause
            </Button>
          )}
          <Button busy={busy('promote')} disabled={back} onClick={() => run('promote')}>
            <StepForward className="size-4" aria-hidden="true" /> Promote
          </Button>
          <Button busy={busy('promote_fully')} disabled={back} onClick={() => run('promote_fully')}>
            <ChevronsRight className="size-4" aria-hidden="true" /> Promote fully
          </Button>
          <Button look="danger-outline" disabled={back} onClick={() => setAborting(true)}>
            <OctagonX className="size-4" aria-hidden="true" /> Abort
          </Button>
        </div>
      </div>
      {aborting ? (
        <AbortDialog
          rollout={rollout}
          reason={reason}
          onReason={setReason}
          busy={busy('abort')}
          error={command.error}
          onAbort={() => run('abort', () => setAborting(false))}
          onClose={() => setAborting(false)}
        />
      ) : null}
    </>
  );
}

export function AbortDialog({
  rollout,
  reason,
  onReason,
  busy,
  error,
  onAbort,
  onClose,
}: {
  rollout: RolloutDocument;
  reason: string;
  onReason: (reason: string) => void;
  busy: boolean;
  error: unknown;
  onAbort: () => void;
  onClose: () => void;
}) {
  const stage = currentStage(rollout);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Abort ${rollout.key}?`}
      width="max-w-md"
      footer={
        <>
          <Button onClick={onClose}>Keep going</Button>
          <Button look="danger" busy={busy} onClick={onAbort}>
            Abort and go back
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Notice
          tone="warn"
          title={`All traffic of ${stage?.plan.service ?? 'the service'} goes back to ${stage?.state.baseline ?? 'the old version'} at once`}
        >
          Then {stage?.plan.version.name ?? 'the new version'} is stopped. Requests under way finish where they started.
        </Notice>
        <Field label="Reason (optional)">
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={reason}
              maxLength={2000}
              onChange={(event) => onReason(event.target.value)}
            />
          )}
        </Field>
        <ProblemNote error={error} />
      </div>
    </Dialog>
  );
}
