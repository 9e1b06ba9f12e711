import { Link } from 'wouter';
import { ReviewFrame } from '../../review/review-frame.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { toast } from '../../ui/toast.tsx';
import { changesBetween, type Definition, definitionOf, inputOf } from './definition.ts';
import { DefinitionChanges } from './definition-changes.tsx';
import { type Segment, useDependents, useSaveSegment } from './queries.ts';
import { ReviewSegmentEffect } from './review-segment-effect.tsx';
import { isUsed } from './used-by.tsx';
import { useWantsReason } from './wants-reason.ts';

/** The exact difference, what it reaches, and why, before anything is saved. */
export function ReviewSegmentDialog({
  base,
  draft,
  onClose,
  onRefused,
  onSaved,
}: {
  base: Segment;
  draft: Definition;
  onClose: () => void;
  onRefused: (error: unknown) => void;
  onSaved: (saved: Segment) => void;
}) {
  const save = useSaveSegment();
  const dependents = useDependents(base.key).data;
  const wantsReason = useWantsReason(base.key);
  const changes = changesBetween(definitionOf(base), draft);
  const submit = (reason: string) =>
    save.mutate(
      { body: inputOf(base.key, draft), version: base.version, reason },
      {
        onError: onRefused,
        onSuccess: (saved) => {
          toast('ok', `${saved.key} is saved`);
          onSaved(saved);
          onClose();
        },
      },
    );
  return (
    <ReviewFrame
      title={`Save ${base.key}?`}
      description="The same in every environment, from the moment it is saved."
      confirm="Save segment"
      wantsReason={wantsReason}
      isReady={changes.length > 0}
      isSaving={save.isPending}
      onConfirm={submit}
      onClose={onClose}
      problem={save.isError ? <ProblemNote error={save.error} /> : null}
    >
      <DefinitionChanges changes={changes} />
      {changes.length === 0 ? null : <ReviewSegmentEffect base={base} segment={inputOf(base.key, draft)} />}
      {dependents === undefined ? null : isUsed(dependents) ? (
        <Notice tone="warn" title={`This reaches ${reach(dependents)}`}>
          <Link className="text-accent underline" href={`/segments/${encodeURIComponent(base.key)}?tab=used-by`}>
            See which
          </Link>
        </Notice>
      ) : (
        <Notice tone="ok">Nothing uses this segment yet.</Notice>
      )}
    </ReviewFrame>
  );
}

function reach({ flags, segments, switches }: NonNullable<ReturnType<typeof useDependents>['data']>): string {
  const parts = [
    [flags.length, 'flag'],
    [segments.length, 'segment'],
    [switches.length, 'kill switch'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? '' : word.endsWith('ch') ? 'es' : 's'}`)
    .join(', ');
}
