import { ReviewFrame } from '../../review/review-frame.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';
import { changesBetween, definitionOf, inputOf } from './definition.ts';
import { DefinitionChanges } from './definition-changes.tsx';
import { type Segment, useRestoreSegment } from './queries.ts';
import { ReviewSegmentEffect } from './review-segment-effect.tsx';
import { useWantsReason } from './wants-reason.ts';

/** What bringing a version back would change, its list with it, and why it is done. It becomes a version on top. */
export function RestoreSegmentDialog({ base, was, onClose }: { base: Segment; was: Segment; onClose: () => void }) {
  const restore = useRestoreSegment();
  const wantsReason = useWantsReason(base.key);
  const changes = changesBetween(definitionOf(base), definitionOf(was));
  const hasList = base.members !== undefined || was.members !== undefined;
  const submit = (reason: string) =>
    restore.mutate(
      { segment: base, version: was.version, reason },
      {
        onSuccess: (saved) => {
          toast(
            'ok',
            saved.unchanged === true
              ? `${saved.key} is as it was in version ${was.version}`
              : `${saved.key} is again as in version ${was.version}, now version ${saved.version}`,
          );
          onClose();
        },
      },
    );
  return (
    <ReviewFrame
      title={`Restore version ${was.version} of ${base.key}?`}
      description="It becomes a new version on top of the others: restoring can be undone in the same way."
      confirm={`Restore version ${was.version}`}
      wantsReason={wantsReason}
      isReady={changes.length > 0 || hasList}
      isSaving={restore.isPending}
      onConfirm={submit}
      onClose={onClose}
      problem={restore.isError ? <ProblemNote error={restore.error} /> : null}
    >
      <DefinitionChanges changes={changes} />
      {hasList ? (
        <Notice title="Its list comes back with it">
          {sizeOf(base)} now, {sizeOf(was)} in version {was.version}.
        </Notice>
      ) : null}
      {changes.length === 0 ? null : <ReviewSegmentEffect base={base} segment={inputOf(base.key, definitionOf(was))} />}
    </ReviewFrame>
  );
}

function sizeOf({ members }: Segment): string {
  if (members === undefined) return 'no list';
  return `${members.count.toLocaleString('en')} ${members.count === 1 ? 'member' : 'members'}`;
}
