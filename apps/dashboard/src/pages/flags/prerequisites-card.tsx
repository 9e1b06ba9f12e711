import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Flag, FlagEnvironment } from '../../documents.ts';
import { useFlag } from '../../live/queries.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { type FieldProblem, FieldProblems, problemsIn } from '../../ui/field-problems.tsx';
import { Card, Mono } from '../../ui/page.tsx';
import { FlagPicker } from './flag-picker.tsx';
import { VariantChoice } from './variant-choice.tsx';

export type Prerequisite = NonNullable<FlagEnvironment['prerequisites']>[number];

/** Flags that have to serve something before this one is asked any further. */
export function PrerequisitesCard({
  flag,
  prerequisites,
  problems,
  onChange,
}: {
  flag: Flag;
  prerequisites: readonly Prerequisite[];
  problems: readonly FieldProblem[];
  onChange: (prerequisites: Prerequisite[]) => void;
}) {
  const [open, setOpen] = useState(false);
  const isOpen = open || problems.length > 0;
  return (
    <Card className="px-4 py-3">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">Prerequisites</h2>
          {flag.parent === undefined ? null : (
            <p className="break-words text-muted">
              Its parent <FlagLink flagKey={flag.parent} /> has to serve something else than its off variant.
            </p>
          )}
          {isOpen ? null : (
            <p className="break-words text-muted">
              {prerequisites.length === 0
                ? flag.parent === undefined
                  ? 'None: this flag depends on no other.'
                  : null
                : prerequisites.map((item, index) => (
                    <span key={item.flag}>
                      {index === 0 ? '' : ', and '}
                      <FlagLink flagKey={item.flag} /> serves {item.variants.join(' or ')}
                    </span>
                  ))}
            </p>
          )}
        </div>
        <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Done' : 'Edit'}
          <span className="sr-only"> prerequisites</span>
        </Button>
      </div>
      {isOpen ? (
        <div className="mt-3 space-y-2">
          {prerequisites.map((item, index) => (
            <PrerequisiteRow
              // biome-ignore lint/suspicious/noArrayIndexKey: its flag is being typed, its place is all it has
              key={index}
              item={item}
              place={index + 1}
              except={flag.key}
              problems={problemsIn(problems, `/prerequisites/${index}`)}
              onChange={(next) => onChange(prerequisites.map((other, at) => (at === index ? next : other)))}
              onRemove={() => onChange(prerequisites.filter((_, at) => at !== index))}
            />
          ))}
          <FieldProblems problems={problems.filter(({ field }) => field === '/prerequisites')} />
          <Button look="quiet" onClick={() => onChange([...prerequisites, { flag: '', variants: [] }])}>
            <Plus className="size-4" aria-hidden="true" /> Add prerequisite
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function FlagLink({ flagKey }: { flagKey: string }) {
  return (
    <Link href={`/flags/${encodeURIComponent(flagKey)}`} className="text-text hover:text-accent hover:underline">
      <Mono>{flagKey}</Mono>
    </Link>
  );
}

function PrerequisiteRow({
  item,
  place,
  except,
  problems,
  onChange,
  onRemove,
}: {
  item: Prerequisite;
  place: number;
  except: string;
  problems: readonly FieldProblem[];
  onChange: (item: Prerequisite) => void;
  onRemove: () => void;
}) {
  const chosen = useFlag(item.flag, item.flag !== '');
  const fault =
    item.flag === ''
      ? ['names no flag']
      : chosen.isError && chosen.data === undefined
        ? ['There is no such flag']
        : item.variants.length === 0
          ? ['needs a variant that it may serve']
          : [];
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        <FlagPicker
          label={`Prerequisite ${place}: flag`}
          value={item.flag}
          except={except}
          isWrong={item.flag !== '' && chosen.isError}
          onChange={(flag) => onChange({ flag, variants: [] })}
        />
        <span className="text-muted">serves one of</span>
        <VariantChoice
          label={`Prerequisite ${place}: variants`}
          flag={item.flag}
          chosen={item.variants}
          onChange={(variants) => onChange({ ...item, variants: [...variants] })}
        />
        <span className="flex-1" />
        <IconButton label={`Remove prerequisite ${place}`} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      </div>
      <FieldProblems problems={[...fault, ...problems]} />
    </div>
  );
}
