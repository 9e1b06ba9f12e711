import { OPERATOR_WORDS } from '@spillway/core/wording';
import { CaseSensitive, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Input, Select } from '../ui/field.tsx';
import { FieldProblems, problemsIn } from '../ui/field-problems.tsx';
import { parseAttribute, pathInstead } from './attribute-path.ts';
import type { ComparisonDraft } from './draft.ts';
import { withOperator } from './draft.ts';
import type { EditorSurroundings } from './editor-surroundings.ts';
import { CASED, isOperator, OPERATOR_NAMES, OPERATORS } from './operators.ts';
import { ValueInput } from './value-input.tsx';
import { parseValues } from './values.ts';

const GROUPS = ['Value', 'Text', 'Number', 'Version', 'Time'] as const;

/** One attribute compared: where it stands, how, with what. */
export function ComparisonRow({
  draft,
  label,
  around,
  onChange,
  onRemove,
}: {
  draft: ComparisonDraft;
  label: string;
  around: EditorSurroundings;
  onChange: (draft: ComparisonDraft) => void;
  onRemove: () => void;
}) {
  const values = parseValues(draft.operator, draft.text);
  const isNamed = parseAttribute(draft.attribute) !== undefined;
  const refused = problemsIn(around.problems, around.places.get(draft.id) ?? draft.id);
  const isTouched = draft.attribute !== '' || draft.text !== '';
  const path = isNamed ? pathInstead(draft.attribute) : undefined;
  return (
    <div>
      <div className="flex flex-wrap items-start gap-2 sm:flex-nowrap">
        <AttributeInput
          draft={draft}
          label={label}
          around={around}
          isWrong={isTouched && !isNamed}
          onChange={onChange}
        />
        <Select
          aria-label={`${label}: comparison`}
          className="min-w-0 flex-1 sm:w-44! sm:flex-none"
          value={draft.operator}
          onChange={(event) => {
            if (isOperator(event.target.value)) onChange(withOperator(draft, event.target.value));
          }}
        >
          {GROUPS.map((group) => (
            <optgroup key={group} label={group}>
              {OPERATOR_NAMES.filter((name) => OPERATORS[name].group === group).map((name) => (
                <option key={name} value={name}>
                  {OPERATOR_WORDS[name]}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
        <div className="flex min-w-0 flex-1 basis-full items-start gap-1 sm:basis-0">
          <div className="flex min-w-0 flex-1">
            <ValueInput
              label={label}
              operator={draft.operator}
              text={draft.text}
              isWrong={isTouched && !values.ok}
              onChange={(text) => onChange({ ...draft, text })}
            />
          </div>
          {CASED.has(draft.operator) ? (
            <IconButton
              label={`${label}: upper and lower case are the same`}
              aria-pressed={draft.ignoresCase}
              className={cx(draft.ignoresCase && 'bg-accent-tint text-accent')}
              onClick={() => onChange({ ...draft, ignoresCase: !draft.ignoresCase })}
            >
              <CaseSensitive />
            </IconButton>
          ) : null}
          <IconButton label={`Remove ${label.toLowerCase()}`} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        </div>
      </div>
      <FieldProblems
        problems={[
          ...(isTouched && !isNamed ? ['names no attribute'] : []),
          ...(isTouched && !values.ok ? [values.problem] : []),
          ...refused,
        ]}
      />
      {path === undefined ? null : (
        <p className="mt-1 text-muted text-xs">
          One attribute with a dot in its name.{' '}
          <button
            type="button"
            className="font-medium text-accent hover:underline"
            onClick={() => onChange({ ...draft, attribute: path })}
          >
            Use {path} instead
          </button>{' '}
          if it is a field of an object.
        </p>
      )}
    </div>
  );
}

function AttributeInput({
  draft,
  label,
  around,
  isWrong,
  onChange,
}: {
  draft: ComparisonDraft;
  label: string;
  around: EditorSurroundings;
  isWrong: boolean;
  onChange: (draft: ComparisonDraft) => void;
}) {
  const listId = useId();
  return (
    <>
      <Input
        aria-label={`${label}: attribute`}
        className="min-w-0 flex-1 font-mono sm:w-44! sm:flex-none"
        value={draft.attribute}
        maxLength={1_024}
        placeholder="attribute"
        title="The attribute’s exact name; organisation -> plan reaches inside an object"
        list={around.attributes.length > 0 ? listId : undefined}
        aria-invalid={isWrong}
        autoFocus={around.fresh === draft.id}
        onChange={(event) => onChange({ ...draft, attribute: event.target.value })}
      />
      {around.attributes.length > 0 ? (
        <datalist id={listId}>
          {around.attributes.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      ) : null}
    </>
  );
}
