import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { formatAttribute, parseAttribute } from '../../conditions/attribute-path.ts';
import type { FlagEnvironment, Variant } from '../../documents.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Input, TextArea } from '../../ui/field.tsx';
import { type FieldProblem, FieldProblems, problemsIn } from '../../ui/field-problems.tsx';
import { Card } from '../../ui/page.tsx';
import { VariantSelect } from './variant-select.tsx';

export type Target = FlagEnvironment['targets'][number];

const USUAL = 'targetingKey';
const MAX_NAMED = 5;

/** Subjects named one by one; looked up before any rule. */
export function TargetsCard({
  variants,
  targets,
  problems,
  onChange,
}: {
  variants: readonly Variant[];
  targets: readonly Target[];
  problems: readonly FieldProblem[];
  onChange: (targets: Target[]) => void;
}) {
  const [open, setOpen] = useState(false);
  const isOpen = open || problems.length > 0;
  const named = targets.filter(({ keys }) => keys.length > 0);
  return (
    <Card className="px-4 py-3">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">Individual targets</h2>
          {isOpen ? null : (
            <p className="break-words text-muted">
              {named.length === 0 ? 'Nobody by name.' : named.map(targetText).join(' · ')}
            </p>
          )}
        </div>
        <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Done' : 'Edit'}
          <span className="sr-only"> individual targets</span>
        </Button>
      </div>
      {isOpen ? (
        <div className="mt-3 space-y-3">
          {targets.map((target, index) => (
            <TargetRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a group of targets has no identity but its place
              key={index}
              target={target}
              place={index + 1}
              variants={variants}
              problems={problemsIn(problems, `/targets/${index}`)}
              onChange={(next) => onChange(targets.map((other, at) => (at === index ? next : other)))}
              onRemove={() => onChange(targets.filter((_, at) => at !== index))}
            />
          ))}
          <FieldProblems problems={problems.filter(({ field }) => field === '/targets')} />
          <Button
            look="quiet"
            onClick={() => onChange([...targets, { variant: freeVariant(targets, variants), keys: [] }])}
          >
            <Plus className="size-4" aria-hidden="true" /> Add targets
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

export function targetText({ variant, keys, by = USUAL, path }: Target): string {
  const more = keys.length > MAX_NAMED ? ` and ${keys.length - MAX_NAMED} more` : '';
  const place = by === USUAL && path === undefined ? '' : ` (${formatAttribute({ attribute: by, path: path ?? [] })})`;
  return `${variant}${place}: ${keys.slice(0, MAX_NAMED).join(', ')}${more}`;
}

function freeVariant(targets: readonly Target[], variants: readonly Variant[]): string {
  const taken = new Set(targets.map(({ variant }) => variant));
  return (variants.find(({ name }) => !taken.has(name)) ?? variants[0])?.name ?? '';
}

function TargetRow({
  target,
  place,
  variants,
  problems,
  onChange,
  onRemove,
}: {
  target: Target;
  place: number;
  variants: readonly Variant[];
  problems: readonly FieldProblem[];
  onChange: (target: Target) => void;
  onRemove: () => void;
}) {
  const { variant, keys, by = USUAL, path = [] } = target;
  const [text, setText] = useState(() => keys.join('\n'));
  const [where, setWhere] = useState(() => formatAttribute({ attribute: by, path }));
  const isNamed = parseAttribute(where) !== undefined;
  return (
    <div>
      <div className="mb-1.5 flex flex-wrap items-center gap-2">
        <span className="text-muted">Always</span>
        <VariantSelect
          label={`Targets ${place}: variant`}
          variants={variants}
          value={variant}
          onChange={(next) => onChange({ ...target, variant: next })}
        />
        <span className="text-muted">where</span>
        <Input
          aria-label={`Targets ${place}: attribute`}
          aria-invalid={!isNamed}
          className="w-52! font-mono"
          value={where}
          onChange={(event) => {
            setWhere(event.target.value);
            const read = parseAttribute(event.target.value);
            if (read !== undefined) onChange({ variant, keys, ...placeOf(read) });
          }}
        />
        <span className="text-muted">is one of</span>
        <span className="flex-1" />
        <span className="numbers text-muted text-xs">{keys.length}</span>
        <IconButton label={`Remove targets ${place}`} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      </div>
      <TextArea
        aria-label={`Targets ${place}: keys, one per line`}
        placeholder="One key per line"
        className="font-mono text-xs"
        rows={Math.min(8, Math.max(2, text.split('\n').length))}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const lines = event.target.value.split('\n').map((line) => line.trim());
          onChange({ ...target, keys: [...new Set(lines.filter((line) => line !== ''))] });
        }}
      />
      <FieldProblems problems={[...(isNamed ? [] : ['names no attribute']), ...problems]} />
    </div>
  );
}

function placeOf({ attribute, path }: { attribute: string; path?: readonly string[] }): Pick<Target, 'by' | 'path'> {
  if (path !== undefined) return { by: attribute, path: [...path] };
  return attribute === USUAL ? {} : { by: attribute };
}
