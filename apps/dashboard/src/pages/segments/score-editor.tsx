import { describeCondition } from '@spillway/core/wording';
import type { Condition } from '@spillway/evaluator';
import { Plus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { ConditionEditor } from '../../conditions/condition-editor.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { type FieldProblem, FieldProblems, problemsUnder } from '../../ui/field-problems.tsx';
import { Card, Section } from '../../ui/page.tsx';
import type { Segment } from './queries.ts';

type Score = NonNullable<Segment['score']>;

interface Row {
  /** Kept while others come and go. */
  readonly id: number;
  readonly when: Condition;
  readonly weight: number;
}

/** Weighted conditions: whoever reaches the threshold belongs. */
export function ScoreEditor({
  score,
  segments,
  problems,
  onChange,
  onBroken,
}: {
  score: Score | undefined;
  segments: readonly string[] | undefined;
  problems: readonly FieldProblem[];
  onChange: (score: Score | undefined) => void;
  onBroken: (isBroken: boolean) => void;
}) {
  const made = useRef(0);
  const row = (when: Condition, weight: number): Row => {
    made.current += 1;
    return { id: made.current, when, weight };
  };
  const [rows, setRows] = useState<readonly Row[]>(
    () => score?.rules.map(({ when, weight }) => row(when, weight)) ?? [],
  );
  const [threshold, setThreshold] = useState(score?.threshold ?? 1);
  const [open, setOpen] = useState<number | undefined>();
  const broken = useRef(new Set<number>());

  const set = (next: readonly Row[], limit: number) => {
    setRows(next);
    setThreshold(limit);
    onBroken(broken.current.size > 0);
    onChange(
      next.length === 0 ? undefined : { rules: next.map(({ when, weight }) => ({ when, weight })), threshold: limit },
    );
  };
  const mark = (id: number, isBroken: boolean) => {
    if (isBroken) broken.current.add(id);
    else broken.current.delete(id);
    onBroken(broken.current.size > 0);
  };
  const add = () => {
    const added = row({ all: [] }, 1);
    set([...rows, added], threshold);
    setOpen(added.id);
  };

  return (
    <Section
      title="Belongs by score"
      action={
        <Button look="quiet" onClick={add}>
          <Plus className="size-4" aria-hidden="true" /> Add points
        </Button>
      }
    >
      {rows.length === 0 ? (
        <p className="text-muted">
          No score. Give points for conditions, and whoever has enough of them belongs, even if no single one decides.
        </p>
      ) : (
        <Card>
          <ul className="divide-y divide-line">
            {rows.map((each, index) => (
              <li key={each.id} className="px-4 py-3">
                <div className="flex items-center gap-3">
                  <Input
                    type="number"
                    step="any"
                    aria-label={`Points of condition ${index + 1}`}
                    className="w-20! shrink-0 text-right"
                    value={each.weight}
                    onChange={(event) =>
                      set(rows.with(index, { ...each, weight: Number(event.target.value) }), threshold)
                    }
                  />
                  <span className="min-w-0 flex-1 truncate">if {describeCondition(each.when)}</span>
                  <Button
                    look="quiet"
                    aria-expanded={open === each.id}
                    onClick={() => setOpen(open === each.id ? undefined : each.id)}
                  >
                    {open === each.id ? 'Done' : 'Edit'}
                    <span className="sr-only"> condition {index + 1}</span>
                  </Button>
                  <IconButton
                    label={`Remove points of condition ${index + 1}`}
                    onClick={() => {
                      mark(each.id, false);
                      set(rows.toSpliced(index, 1), threshold);
                    }}
                  >
                    <Trash2 />
                  </IconButton>
                </div>
                {open === each.id ? (
                  <div className="mt-3">
                    <ConditionEditor
                      title="These points are given if"
                      condition={each.when}
                      segments={segments}
                      problems={problemsUnder(problems, `/rules/${index}/when`)}
                      onBroken={(isBroken) => mark(each.id, isBroken)}
                      onChange={(when) => set(rows.with(index, { ...each, when }), threshold)}
                    />
                  </div>
                ) : (
                  <FieldProblems problems={problemsUnder(problems, `/rules/${index}`)} />
                )}
              </li>
            ))}
          </ul>
          <div className="border-line border-t px-4 py-3">
            <Field
              label="Belongs from"
              hint={`points on; all conditions together give ${sum(rows).toLocaleString('en')}`}
              className="max-w-64"
            >
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  step="any"
                  value={threshold}
                  onChange={(event) => set(rows, Number(event.target.value))}
                />
              )}
            </Field>
            <FieldProblems problems={problemsUnder(problems, '/threshold')} />
          </div>
        </Card>
      )}
    </Section>
  );
}

function sum(rows: readonly Row[]): number {
  return rows.reduce((total, { weight }) => total + Math.max(0, weight), 0);
}
