import { useState } from 'react';
import { formatAttribute, parseAttribute } from '../../conditions/attribute-path.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { type FieldProblem, FieldProblems } from '../../ui/field-problems.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Mono } from '../../ui/page.tsx';

/** Where a subject's key stands, and what is hashed with it. */
export interface Place {
  readonly by: string;
  readonly path?: readonly string[];
  readonly seed: string;
}

/** Who is told apart by what. Moving it moves users, so it is opened on purpose. */
export function BucketingEditor({
  label,
  place,
  saved,
  problems,
  onChange,
}: {
  label: string;
  place: Place;
  /** What is in force, to say when this would move users. */
  saved: Place | undefined;
  problems: readonly FieldProblem[];
  onChange: (place: Place) => void;
}) {
  const [open, setOpen] = useState(false);
  const [where, setWhere] = useState(() => attributeText(place));
  const isOpen = open || problems.length > 0;
  const moves = saved !== undefined && (saved.seed !== place.seed || attributeText(saved) !== attributeText(place));
  return (
    <div className="mt-3">
      <p className="flex flex-wrap items-center gap-x-2 text-muted text-xs">
        <span>
          People are told apart by <Mono>{attributeText(place)}</Mono> with seed <Mono>{place.seed}</Mono>; raising a
          percentage never takes anyone out.
        </span>
        <Button look="quiet" className="h-6! px-1.5! text-xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Done' : 'Change'}
          <span className="sr-only"> bucketing of {label.toLowerCase()}</span>
        </Button>
      </p>
      {isOpen ? (
        <div className="mt-2 grid gap-3 sm:grid-cols-2">
          <Field
            label="Told apart by"
            hint="An attribute; organisation -> id reaches inside an object."
            error={parseAttribute(where) === undefined ? 'names no attribute' : undefined}
          >
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                value={where}
                onChange={(event) => {
                  setWhere(event.target.value);
                  const read = parseAttribute(event.target.value);
                  if (read === undefined) return;
                  const { attribute: by, path } = read;
                  onChange({ by, ...(path === undefined ? {} : { path }), seed: place.seed });
                }}
              />
            )}
          </Field>
          <Field label="Seed" hint="Flags with the same seed roll out to the same people.">
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                maxLength={256}
                value={place.seed}
                aria-invalid={place.seed === ''}
                onChange={(event) => onChange({ ...place, seed: event.target.value })}
              />
            )}
          </Field>
        </div>
      ) : null}
      {moves ? (
        <Notice tone="warn" className="mt-2">
          This gives people other buckets: within a percentage, others will be in it than now.
        </Notice>
      ) : null}
      <FieldProblems problems={problems} />
    </div>
  );
}

function attributeText({ by, path = [] }: Place): string {
  return formatAttribute({ attribute: by, path });
}
