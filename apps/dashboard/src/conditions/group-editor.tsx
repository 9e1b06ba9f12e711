import { Plus, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { FieldProblems } from '../ui/field-problems.tsx';
import { ComparisonRow } from './comparison-row.tsx';
import {
  type Draft,
  type GroupDraft,
  type Join,
  MAX_DEPTH,
  newComparison,
  newFlag,
  newGroup,
  newSegment,
  withNode,
} from './draft.ts';
import type { EditorSurroundings } from './editor-surroundings.ts';
import { FlagRow } from './flag-row.tsx';
import { SegmentRow } from './segment-row.tsx';

const JOINS: Readonly<Record<Join, string>> = {
  all: 'All of these hold',
  any: 'Any of these holds',
  none: 'None of these holds',
  not_all: 'Not all of these hold',
};

const OF_NO_PARTS: Readonly<Record<Join, string>> = {
  all: 'Without a condition it holds for everyone.',
  any: 'Without a condition it holds for nobody.',
  none: 'Without a condition it holds for everyone.',
  not_all: 'Without a condition it holds for nobody.',
};

/** Conditions joined; a group may hold groups. `label` is empty for the outermost one, `2.1` and the like inside. */
export function GroupEditor({
  group,
  label,
  depth,
  around,
  onChange,
  onRemove,
}: {
  group: GroupDraft;
  label: string;
  depth: number;
  around: EditorSurroundings;
  onChange: (group: GroupDraft, fresh?: string) => void;
  onRemove?: () => void;
}) {
  const adder = useRef<HTMLDivElement>(null);
  const add = (part: Draft) => {
    const focused = part.is === 'group' ? part.parts[0]?.id : part.id;
    onChange({ ...group, parts: [...group.parts, part] }, focused);
  };
  const set = (next: Draft) => onChange(withNode(group, next.id, () => next));
  const remove = (id: string) => {
    onChange(withNode(group, id, () => undefined));
    adder.current?.querySelector('button')?.focus();
  };
  const name = label === '' ? 'Conditions' : `Group ${label}`;
  const at = around.places.get(group.id) ?? '';
  const own = around.problems.filter(({ field }) =>
    [at, `${at}/all`, `${at}/any`, `${at}/not`, `${at}/not/all`, `${at}/not/any`].includes(field),
  );
  return (
    <fieldset
      aria-label={name}
      className={depth === 1 ? 'min-w-0' : 'min-w-0 rounded-md border border-line bg-surface/60 p-2 pl-3'}
    >
      <div className="mb-2 flex items-center gap-1">
        <Select
          aria-label={`${name}: how they are joined`}
          className="w-52!"
          value={group.join}
          onChange={(event) => {
            const join = (Object.keys(JOINS) as Join[]).find((candidate) => candidate === event.target.value);
            if (join !== undefined) onChange({ ...group, join });
          }}
        >
          {Object.entries(JOINS).map(([join, words]) => (
            <option key={join} value={join}>
              {words}
            </option>
          ))}
        </Select>
        <span className="flex-1" />
        {onRemove === undefined ? null : (
          <IconButton label={`Remove group ${label}`} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      {group.parts.length === 0 ? <p className="mb-2 text-muted">{OF_NO_PARTS[group.join]}</p> : null}
      <div className="space-y-2">
        {group.parts.map((part, index) => {
          const place = label === '' ? `${index + 1}` : `${label}.${index + 1}`;
          const shared = { around, onRemove: () => remove(part.id) };
          if (part.is === 'group') {
            return (
              <GroupEditor
                key={part.id}
                group={part}
                label={place}
                depth={depth + 1}
                {...shared}
                onChange={(next, fresh) =>
                  onChange(
                    withNode(group, part.id, () => next),
                    fresh,
                  )
                }
              />
            );
          }
          if (part.is === 'segment') {
            return <SegmentRow key={part.id} draft={part} label={`Condition ${place}`} {...shared} onChange={set} />;
          }
          if (part.is === 'flag') {
            return <FlagRow key={part.id} draft={part} label={`Condition ${place}`} {...shared} onChange={set} />;
          }
          return <ComparisonRow key={part.id} draft={part} label={`Condition ${place}`} {...shared} onChange={set} />;
        })}
      </div>
      <FieldProblems problems={own} />
      <div ref={adder} className="mt-1 -ml-2 flex flex-wrap">
        <Button look="quiet" className="px-2!" onClick={() => add(newComparison())}>
          <Plus className="size-4" aria-hidden="true" /> Add condition
        </Button>
        <Button look="quiet" className="px-2!" onClick={() => add(newSegment())}>
          <Plus className="size-4" aria-hidden="true" /> Add segment
        </Button>
        {around.flag === undefined ? null : (
          <Button look="quiet" className="px-2!" onClick={() => add(newFlag())}>
            <Plus className="size-4" aria-hidden="true" /> Add flag
          </Button>
        )}
        {depth >= MAX_DEPTH - 1 ? null : (
          <Button look="quiet" className="px-2!" onClick={() => add(newGroup(group.join === 'all' ? 'any' : 'all'))}>
            <Plus className="size-4" aria-hidden="true" /> Add group
          </Button>
        )}
      </div>
    </fieldset>
  );
}
