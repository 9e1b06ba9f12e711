import { describeCondition, ruleName } from '@spillway/core/wording';
import type { FlagType } from '@spillway/evaluator';
import { ArrowDown, ArrowUp, Copy, Trash2 } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { ConditionEditor } from '../../conditions/condition-editor.tsx';
import type { FlagEnvironment, FlagRule, Variant } from '../../documents.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { type FieldProblem, FieldProblems, problemsUnder } from '../../ui/field-problems.tsx';
import { Card } from '../../ui/page.tsx';
import { BucketingEditor, type Place } from './bucketing-editor.tsx';
import { Uncounted } from './rule-reach.tsx';
import { ServeEditor } from './serve-editor.tsx';
import { ServeView } from './serve-view.tsx';

export interface RuleCardProps {
  readonly rule: FlagRule;
  readonly place: number;
  readonly last: boolean;
  /** The key of its flag. */
  readonly flag: string;
  readonly variants: readonly Variant[];
  readonly type: FlagType;
  readonly bucketing: FlagEnvironment['bucketing'];
  readonly segments: readonly string[] | undefined;
  readonly attributes: readonly string[];
  readonly isNew: boolean;
  /** Whom it is about; shown while the rule is edited. */
  readonly reach: ReactNode;
  /** From the rule on, as JSON pointers. */
  readonly problems: readonly FieldProblem[];
  readonly onChange: (rule: FlagRule) => void;
  readonly onBroken: (part: 'when' | 'serve', isBroken: boolean) => void;
  readonly onRemove: () => void;
  readonly onCopy: () => void;
  readonly onMove: (by: 1 | -1) => void;
}

/** A rule: read as a sentence, edited in place. The first one that matches decides. Alt and an arrow move it. */
export function RuleCard(props: RuleCardProps) {
  const { rule, place, last, variants, isNew, problems, onMove } = props;
  const [chosen, setOpen] = useState(isNew);
  const open = chosen || problems.length > 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.defaultPrevented) return;
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
    if (by === undefined || (by === -1 && place === 1) || (by === 1 && last)) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <Card className="px-4 py-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the buttons in it, which do the same */}
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2" onKeyDown={onKeyDown}>
        <span className="numbers mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full bg-sunken font-semibold text-2xs text-muted">
          {place}
        </span>
        <div className="min-w-0 flex-1 basis-52">
          <h2 className="flex flex-wrap items-center gap-2 break-words font-semibold">
            <span title={rule.id}>{ruleName(rule, place)}</span>
            {isNew ? <Badge tone="info">new</Badge> : null}
          </h2>
          {open ? null : (
            <div className="mt-1 grid gap-x-6 gap-y-2 sm:grid-cols-[1fr_auto] sm:items-center">
              <p className="break-words">
                <span className="text-muted">If </span>
                {describeCondition(rule.when)}
              </p>
              <ServeView serve={rule.serve} variants={variants} />
            </div>
          )}
        </div>
        <RuleButtons {...props} open={open} onOpen={() => setOpen(!open)} />
      </div>
      {open ? <RuleForm {...props} /> : null}
      <FieldProblems problems={problems.filter(({ field }) => field === '' || field === '/id')} />
    </Card>
  );
}

function RuleButtons({
  place,
  last,
  onMove,
  onCopy,
  onRemove,
  open,
  onOpen,
}: RuleCardProps & { open: boolean; onOpen: () => void }) {
  return (
    <div className="-mr-2 flex items-center">
      <IconButton
        label={`Move rule ${place} up`}
        aria-keyshortcuts="Alt+ArrowUp"
        data-move="-1"
        disabled={place === 1}
        onClick={() => onMove(-1)}
      >
        <ArrowUp />
      </IconButton>
      <IconButton
        label={`Move rule ${place} down`}
        aria-keyshortcuts="Alt+ArrowDown"
        data-move="1"
        disabled={last}
        onClick={() => onMove(1)}
      >
        <ArrowDown />
      </IconButton>
      <IconButton label={`Copy rule ${place}`} onClick={onCopy}>
        <Copy />
      </IconButton>
      <IconButton label={`Remove rule ${place}`} onClick={onRemove}>
        <Trash2 />
      </IconButton>
      <Button look="quiet" aria-expanded={open} data-open="" onClick={onOpen}>
        {open ? 'Done' : 'Edit'}
        <span className="sr-only"> rule {place}</span>
      </Button>
    </div>
  );
}

function RuleForm(props: RuleCardProps) {
  const { rule, place, flag, variants, type, bucketing, segments, attributes, reach, problems, onChange, onBroken } =
    props;
  // What is half typed is not in the rule yet: a count of the rule before it would be taken for its own.
  const [isTyping, setTyping] = useState(false);
  const isShared = !('variant' in rule.serve || 'value' in rule.serve);
  return (
    <div className="mt-3 space-y-4 sm:pl-8">
      <Field label="What this rule is for (optional)">
        {(control) => (
          <Input
            {...control}
            className="max-w-md"
            value={rule.description ?? ''}
            maxLength={2000}
            placeholder="Beta testers"
            onChange={(event) => {
              const { description: _, ...rest } = rule;
              onChange(event.target.value === '' ? rest : { ...rest, description: event.target.value });
            }}
          />
        )}
      </Field>
      <ConditionEditor
        condition={rule.when}
        segments={segments}
        flag={flag}
        attributes={attributes}
        problems={problemsUnder(problems, '/when')}
        onChange={(when) => onChange({ ...rule, when })}
        onBroken={(isBroken) => {
          setTyping(isBroken);
          onBroken('when', isBroken);
        }}
      />
      {isTyping ? <Uncounted /> : reach}
      <div>
        <p className="mb-1 font-medium">Serve</p>
        <ServeEditor
          label={`Rule ${place}`}
          serve={rule.serve}
          variants={variants}
          type={type}
          problems={problemsUnder(problems, '/serve')}
          onChange={(serve) => onChange({ ...rule, serve })}
          onBroken={(isBroken) => onBroken('serve', isBroken)}
        />
        {isShared ? (
          <BucketingEditor
            label={`Rule ${place}`}
            place={placeOf(rule, bucketing)}
            saved={undefined}
            problems={problemsUnder(problems, '/bucketing')}
            onChange={(chosen) => onChange(withPlace(rule, chosen, bucketing))}
          />
        ) : null}
      </div>
    </div>
  );
}

/** The rule's own bucketing over the flag's; a `by` of its own brings its own path. */
function placeOf({ bucketing = {} }: FlagRule, flag: FlagEnvironment['bucketing']): Place {
  const { by, path, seed = flag.seed } = bucketing;
  if (by !== undefined) return { by, ...(path === undefined ? {} : { path }), seed };
  return { by: flag.by, ...(flag.path === undefined ? {} : { path: flag.path }), seed };
}

/** What is as the flag has it is left out, so that it follows the flag. */
function withPlace(rule: FlagRule, chosen: Place, flag: FlagEnvironment['bucketing']): FlagRule {
  const { bucketing: _, ...rest } = rule;
  const isSamePlace = chosen.by === flag.by && (chosen.path ?? []).join('\n') === (flag.path ?? []).join('\n');
  const place = isSamePlace ? {} : { by: chosen.by, ...(chosen.path === undefined ? {} : { path: [...chosen.path] }) };
  const seed = chosen.seed === flag.seed ? {} : { seed: chosen.seed };
  const own = { ...place, ...seed };
  return Object.keys(own).length === 0 ? rest : { ...rest, bucketing: own };
}
