import { describeCondition } from '@spillway/core/wording';
import type { Condition } from '@spillway/evaluator';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { type FieldProblem, FieldProblems } from '../ui/field-problems.tsx';
import { compose, draftOf, type GroupDraft } from './draft.ts';
import { GroupEditor } from './group-editor.tsx';
import { parseJson } from './values.ts';

const NO_PROBLEMS: readonly FieldProblem[] = [];
const NO_ATTRIBUTES: readonly string[] = ['targetingKey'];

interface ConditionEditorProps {
  /** What it starts from; a new `key` starts it afresh. */
  readonly condition: Condition;
  /** Called with every complete state. */
  readonly onChange: (condition: Condition) => void;
  /** Told whether what is on the screen says something. */
  readonly onBroken: (isBroken: boolean) => void;
  readonly title?: string;
  /** Keys of the segments there are; undefined while that is not known. */
  readonly segments?: readonly string[] | undefined;
  readonly attributes?: readonly string[];
  /** The flag whose rule it is, which may ask others; left out for a segment, which may not. */
  readonly flag?: string;
  /** What the server refused, by JSON pointer from the condition (see `problemsUnder`). */
  readonly problems?: readonly FieldProblem[];
}

/** Conditions as rows and groups; as JSON for who prefers it, and for what a form cannot say. */
export function ConditionEditor(props: ConditionEditorProps) {
  const { condition, title = 'If' } = props;
  const [asJson, setAsJson] = useState(() => draftOf(condition) === undefined);
  const isFormPossible = draftOf(condition) !== undefined;
  return (
    <fieldset className="min-w-0">
      <div className="mb-1 flex items-center gap-3">
        <legend className="float-left flex-1 font-medium">{title}</legend>
        <Button look="quiet" disabled={asJson && !isFormPossible} onClick={() => setAsJson(!asJson)}>
          {asJson ? 'Edit as form' : 'Edit as JSON'}
        </Button>
      </div>
      {asJson ? <JsonCondition {...props} /> : <FormCondition {...props} />}
    </fieldset>
  );
}

function FormCondition({
  condition,
  onChange,
  onBroken,
  segments,
  flag,
  attributes = NO_ATTRIBUTES,
  problems = NO_PROBLEMS,
}: ConditionEditorProps) {
  const [draft, setDraft] = useState<GroupDraft>(
    () => draftOf(condition) ?? { is: 'group', id: 'root', join: 'all', parts: [] },
  );
  const [fresh, setFresh] = useState<string | undefined>();
  const set = (next: GroupDraft, focused?: string) => {
    setDraft(next);
    if (focused !== undefined) setFresh(focused);
    const composed = compose(next).condition;
    onBroken(composed === undefined);
    if (composed !== undefined) onChange(composed);
  };
  const { places } = compose(draft);
  return (
    <GroupEditor
      group={draft}
      label=""
      depth={1}
      around={{ segments, flag, attributes, problems, places, fresh }}
      onChange={set}
    />
  );
}

function JsonCondition({ condition, onChange, onBroken, problems = NO_PROBLEMS }: ConditionEditorProps) {
  const [text, setText] = useState(() => JSON.stringify(condition, null, 2));
  const problem = problemIn(text);
  return (
    <>
      <Field label="Condition as JSON" error={problem} hint={problem === undefined ? sentence(text) : undefined}>
        {(control) => (
          <TextArea
            {...control}
            rows={8}
            className="font-mono text-xs"
            value={text}
            onChange={(event) => {
              const { value } = event.target;
              setText(value);
              const isBroken = problemIn(value) !== undefined;
              onBroken(isBroken);
              // The server checks the shape and names the place; here it only has to be an object.
              if (!isBroken) onChange(JSON.parse(value) as Condition);
            }}
          />
        )}
      </Field>
      <FieldProblems
        problems={problems.map(({ field, message }) => ({
          field,
          message: `${field === '' ? '' : `${field} `}${message}`,
        }))}
      />
    </>
  );
}

function problemIn(text: string): string | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed.problem;
  const { value } = parsed;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be an object';
}

function sentence(text: string): string {
  const condition: unknown = JSON.parse(text);
  return draftOf(condition) === undefined
    ? 'Not a condition that the form knows: use all, any, not, segment, flag with variants, or attribute with operator and values.'
    : describeCondition(condition as Condition);
}
