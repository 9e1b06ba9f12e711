import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ConditionEditor } from '../../conditions/condition-editor.tsx';
import { describeCondition } from '../../conditions/describe-condition.ts';
import type { FlagRule, Variant } from '../../documents.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { ServeEditor, ServeView } from './serve-editor.tsx';

/** A rule: read as a sentence, edited in place. The first one that matches decides. */
export function RuleCard({
  rule,
  place,
  last,
  variants,
  isNew,
  onChange,
  onBroken,
  onRemove,
  onMove,
}: {
  rule: FlagRule;
  place: number;
  last: boolean;
  variants: readonly Variant[];
  isNew: boolean;
  onChange: (rule: FlagRule) => void;
  onBroken: (isBroken: boolean) => void;
  onRemove: () => void;
  onMove: (by: 1 | -1) => void;
}) {
  const [open, setOpen] = useState(isNew);
  return (
    <Card className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <span className="numbers mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full bg-sunken font-semibold text-2xs text-muted">
          {place}
        </span>
        <div className="min-w-0 flex-1 basis-52">
          <h2 className="flex flex-wrap items-center gap-2 font-semibold">
            {rule.description === undefined || rule.description === '' ? (
              <span className="font-mono">{rule.id}</span>
            ) : (
              rule.description
            )}
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
        <div className="flex items-center">
          <IconButton label={`Move rule ${place} up`} disabled={place === 1} onClick={() => onMove(-1)}>
            <ArrowUp />
          </IconButton>
          <IconButton label={`Move rule ${place} down`} disabled={last} onClick={() => onMove(1)}>
            <ArrowDown />
          </IconButton>
          <IconButton label={`Remove rule ${place}`} onClick={onRemove}>
            <Trash2 />
          </IconButton>
          <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Done' : 'Edit'}
            <span className="sr-only"> rule {place}</span>
          </Button>
        </div>
      </div>
      {open ? (
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
          <ConditionEditor condition={rule.when} onChange={(when) => onChange({ ...rule, when })} onBroken={onBroken} />
          <div>
            <p className="mb-1 font-medium">Serve</p>
            <ServeEditor
              label={`Rule ${place}`}
              serve={rule.serve}
              variants={variants}
              onChange={(serve) => onChange({ ...rule, serve })}
            />
          </div>
        </div>
      ) : null}
    </Card>
  );
}
