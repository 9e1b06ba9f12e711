import { Trash2 } from 'lucide-react';
import { FlagPicker } from '../pages/flags/flag-picker.tsx';
import { VariantChoice } from '../pages/flags/variant-choice.tsx';
import { IconButton } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { FieldProblems, problemsIn } from '../ui/field-problems.tsx';
import type { FlagDraft } from './draft.ts';
import type { EditorSurroundings } from './editor-surroundings.ts';

/** What another flag serves to the same context. */
export function FlagRow({
  draft,
  label,
  around,
  onChange,
  onRemove,
}: {
  draft: FlagDraft;
  label: string;
  around: EditorSurroundings;
  onChange: (draft: FlagDraft) => void;
  onRemove: () => void;
}) {
  const { flag, variants, negated } = draft;
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        <FlagPicker
          label={`${label}: flag`}
          value={flag}
          {...(around.flag === undefined ? {} : { except: around.flag })}
          onChange={(next) => onChange({ ...draft, flag: next, variants: [] })}
        />
        <Select
          aria-label={`${label}: serving`}
          className="w-44!"
          value={negated ? 'none' : 'one'}
          onChange={(event) => onChange({ ...draft, negated: event.target.value === 'none' })}
        >
          <option value="one">serves one of</option>
          <option value="none">serves none of</option>
        </Select>
        <VariantChoice
          label={`${label}: variants`}
          flag={flag}
          chosen={variants}
          onChange={(next) => onChange({ ...draft, variants: next })}
        />
        <span className="flex-1" />
        <IconButton label={`Remove ${label.toLowerCase()}`} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      </div>
      <FieldProblems
        problems={[
          ...(flag === '' ? ['names no flag'] : variants.length === 0 ? ['needs a variant that it may serve'] : []),
          ...problemsIn(around.problems, around.places.get(draft.id) ?? draft.id),
        ]}
      />
    </div>
  );
}
