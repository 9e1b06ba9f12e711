import { Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { problemOf } from '../../api.ts';
import { ConditionEditor } from '../../conditions/condition-editor.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { type FieldProblem, problemsUnder } from '../../ui/field-problems.tsx';
import { KeyChips } from '../../ui/key-chips.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Card, Section } from '../../ui/page.tsx';
import { changesBetween, type Definition, definitionOf, onTopOf, saysNobody } from './definition.ts';
import { DraftSize } from './draft-size.tsx';
import { type Segment, useSegmentKeys } from './queries.ts';
import { ReviewSegmentDialog } from './review-segment-dialog.tsx';
import { ScoreEditor } from './score-editor.tsx';

/** Who belongs, and what the segment is called; nothing is saved before its difference was seen. */
export function DefinitionTab({
  segment,
  onUnsaved,
}: {
  segment: Segment;
  /** Told whether there is something to lose. */
  onUnsaved: (isUnsaved: boolean) => void;
}) {
  // What is being worked on stays as it was read until it is saved or put on top of what came in meanwhile.
  const [base, setBase] = useState(segment);
  const [draft, setDraft] = useState(() => definitionOf(segment));
  const [round, setRound] = useState(0);
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const [reviewing, setReviewing] = useState(false);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const others = useSegmentKeys().data?.filter((key) => key !== segment.key);
  const changes = changesBetween(definitionOf(base), draft);
  const isUnsaved = changes.length > 0 || broken.size > 0;
  useEffect(() => onUnsaved(isUnsaved), [isUnsaved, onUnsaved]);
  const isBehind = segment.version > base.version;

  const startFrom = (latest: Segment, definition: Definition) => {
    setBase(latest);
    setDraft(definition);
    setBroken(new Set());
    setProblems([]);
    setRound(round + 1);
  };
  if (isBehind && !isUnsaved) startFrom(segment, definitionOf(segment));

  const change = (part: Partial<Definition>) => setDraft({ ...draft, ...part });
  const markBroken = (name: string) => (isBroken: boolean) =>
    setBroken((before) => {
      const next = new Set(before);
      if (isBroken) next.add(name);
      else next.delete(name);
      return next;
    });

  return (
    <div>
      {isBehind ? (
        <Notice
          tone="warn"
          className="mb-4"
          title="Someone else saved meanwhile"
          action={
            <Button onClick={() => startFrom(segment, onTopOf(definitionOf(segment), definitionOf(base), draft))}>
              Put mine on top
            </Button>
          }
        >
          Version {segment.version} is current; you work on {base.version}.
        </Notice>
      ) : null}
      {draft.managedBy === undefined ? null : (
        <Notice tone="info" className="mb-4" title={`Kept in files by ${draft.managedBy}`}>
          What is saved here holds until those files are applied again.
        </Notice>
      )}
      <div key={round} className="grid gap-x-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <Section
            title="Belongs by rule"
            action={broken.size > 0 ? undefined : <DraftSize segmentKey={segment.key} draft={draft} />}
          >
            <Card className="p-4">
              {saysNobody(draft.when) ? (
                <p className="mb-3 text-muted">
                  {draft.listBy === undefined && draft.score === undefined
                    ? 'Nobody belongs yet. Add the first condition.'
                    : 'Nobody belongs by a rule alone.'}
                </p>
              ) : null}
              <ConditionEditor
                title="A context belongs if"
                condition={draft.when}
                onChange={(when) => change({ when })}
                onBroken={markBroken('when')}
                segments={others}
                problems={problemsUnder(problems, '/when')}
              />
            </Card>
          </Section>
          <ScoreEditor
            score={draft.score}
            segments={others}
            problems={problemsUnder(problems, '/score')}
            onChange={(score) => change({ score })}
            onBroken={markBroken('score')}
          />
          <Section title="Among other segments">
            <Card className="space-y-4 p-4">
              <div>
                <p className="mb-1 font-medium">Only who belongs to all of</p>
                <KeyChips
                  label="Parents"
                  keys={draft.parents}
                  suggestions={others}
                  isKnown={(key) => others?.includes(key) !== false}
                  placeholder="Any segment"
                  onChange={(parents) => change({ parents })}
                />
              </div>
              <div>
                <p className="mb-1 font-medium">Never who belongs to one of</p>
                <KeyChips
                  label="Exclusions"
                  keys={draft.exclusions}
                  suggestions={others}
                  isKnown={(key) => others?.includes(key) !== false}
                  placeholder="No segment"
                  onChange={(exclusions) => change({ exclusions })}
                />
              </div>
            </Card>
          </Section>
        </div>
        <Section title="Details">
          <Card className="space-y-4 p-4">
            <Field label="Name">
              {(control) => (
                <Input
                  {...control}
                  value={draft.name}
                  maxLength={256}
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </Field>
            <Field label="Description">
              {(control) => (
                <Input
                  {...control}
                  value={draft.description}
                  maxLength={2000}
                  onChange={(event) => change({ description: event.target.value })}
                />
              )}
            </Field>
            <Field label="Owner">
              {(control) => (
                <Input
                  {...control}
                  value={draft.owner}
                  maxLength={256}
                  onChange={(event) => change({ owner: event.target.value })}
                />
              )}
            </Field>
            <div>
              <p className="mb-1 font-medium">Tags</p>
              <KeyChips label="Tags" keys={draft.tags} onChange={(tags) => change({ tags })} />
            </div>
            <Field label="Priority" hint="Of the segments a user belongs to, the highest comes first.">
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  step={1}
                  value={draft.priority ?? ''}
                  placeholder="0"
                  onChange={(event) =>
                    change({ priority: event.target.value === '' ? undefined : Math.round(Number(event.target.value)) })
                  }
                />
              )}
            </Field>
          </Card>
        </Section>
      </div>
      {changes.length === 0 && broken.size === 0 ? null : (
        <div
          data-bar=""
          className="sticky bottom-3 z-10 flex flex-wrap items-center gap-2 rounded-lg border border-line bg-raised px-4 py-2.5 shadow-lift"
        >
          <p className="min-w-0 flex-1 text-muted" aria-live="polite">
            {broken.size > 0
              ? 'Something is not complete yet.'
              : `${changes.length} ${changes.length === 1 ? 'place differs' : 'places differ'} from version ${base.version}`}
          </p>
          <Button onClick={() => startFrom(segment, definitionOf(segment))}>
            <Undo2 className="size-4" aria-hidden="true" /> Discard
          </Button>
          <Button look="primary" disabled={broken.size > 0 || isBehind} onClick={() => setReviewing(true)}>
            Review and save
          </Button>
        </div>
      )}
      {reviewing ? (
        <ReviewSegmentDialog
          base={base}
          draft={draft}
          onClose={() => setReviewing(false)}
          onRefused={(error) => setProblems(problemOf(error).errors ?? [])}
          onSaved={(saved) => startFrom(saved, definitionOf(saved))}
        />
      ) : null}
    </div>
  );
}
