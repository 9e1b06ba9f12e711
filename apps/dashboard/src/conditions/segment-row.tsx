import { Trash2 } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { FieldProblems, problemsIn } from '../ui/field-problems.tsx';
import { KeyChips } from '../ui/key-chips.tsx';
import type { SegmentDraft } from './draft.ts';
import type { EditorSurroundings } from './editor-surroundings.ts';

/** Belonging to a segment, or to one of several. */
export function SegmentRow({
  draft,
  label,
  around,
  onChange,
  onRemove,
}: {
  draft: SegmentDraft;
  label: string;
  around: EditorSurroundings;
  onChange: (draft: SegmentDraft) => void;
  onRemove: () => void;
}) {
  const { segments } = around;
  return (
    <div>
      <div className="flex flex-wrap items-start gap-2 sm:flex-nowrap">
        <Select
          aria-label={`${label}: belonging`}
          className="sm:w-44!"
          value={draft.negated ? 'out' : 'in'}
          onChange={(event) => onChange({ ...draft, negated: event.target.value === 'out' })}
        >
          <option value="in">is in segment</option>
          <option value="out">is not in segment</option>
        </Select>
        <div className="flex min-w-0 flex-1 basis-full items-start gap-1 sm:basis-0">
          <KeyChips
            label={`${label}: segments`}
            keys={draft.keys}
            suggestions={segments}
            isKnown={segments === undefined ? undefined : (key) => segments.includes(key)}
            placeholder="segment"
            takesFocus={around.fresh === draft.id}
            onOpen={(key) => `/segments/${encodeURIComponent(key)}`}
            onChange={(keys) => onChange({ ...draft, keys })}
          />
          <IconButton label={`Remove ${label.toLowerCase()}`} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        </div>
      </div>
      {draft.keys.length > 1 ? (
        <p className="mt-1 text-muted text-xs">
          {draft.negated ? 'Holds for who is in none of them.' : 'Holds for who is in any of them.'}
        </p>
      ) : null}
      <FieldProblems problems={problemsIn(around.problems, around.places.get(draft.id) ?? draft.id)} />
    </div>
  );
}
