import type { FlagType } from '@spillway/evaluator';
import { Plus, Trash2 } from 'lucide-react';
import { parseVariantValue } from '../../conditions/values.ts';
import type { Variant } from '../../documents.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Input, TextArea } from '../../ui/field.tsx';
import { type FieldProblem, FieldProblems, problemsIn } from '../../ui/field-problems.tsx';

export const KEY = /^[a-z0-9][a-z0-9._-]{0,127}$/;

export interface VariantRow {
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

export function rowsOf(type: FlagType, variants: readonly Variant[]): readonly VariantRow[] {
  return variants.map(({ name, value }, id) => ({
    id,
    name,
    text: type === 'string' && typeof value === 'string' ? value : JSON.stringify(value),
  }));
}

/** The variants that rows say, or undefined while one of them says nothing. */
export function variantsOf(type: FlagType, rows: readonly VariantRow[]): Variant[] | undefined {
  const variants = rows.flatMap(({ name, text }) => {
    const parsed = parseVariantValue(type, text);
    return parsed.ok && KEY.test(name) ? [{ name, value: parsed.value }] : [];
  });
  return variants.length === rows.length ? variants : undefined;
}

export function VariantRows({
  rows,
  type,
  problems = [],
  onChange,
}: {
  rows: readonly VariantRow[];
  type: FlagType;
  problems?: readonly FieldProblem[];
  onChange: (rows: readonly VariantRow[]) => void;
}) {
  const set = (id: number, part: Partial<VariantRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const add = () =>
    onChange([
      ...rows,
      {
        id: Math.max(0, ...rows.map((row) => row.id)) + 1,
        name: `variant-${rows.length + 1}`,
        text: type === 'json' ? '{}' : '',
      },
    ]);
  return (
    <fieldset>
      <legend className="mb-1 font-medium">Variants</legend>
      <div className="space-y-2">
        {rows.map((row, index) => {
          const parsed = parseVariantValue(type, row.text);
          const value = {
            'aria-label': `Value of variant ${index + 1}`,
            'aria-invalid': !parsed.ok,
            value: row.text,
            onChange: (event: { target: { value: string } }) => set(row.id, { text: event.target.value }),
          };
          return (
            <div key={row.id}>
              <div className="flex items-start gap-2">
                <Input
                  aria-label={`Name of variant ${index + 1}`}
                  className="w-32! font-mono"
                  value={row.name}
                  maxLength={128}
                  aria-invalid={!KEY.test(row.name)}
                  onChange={(event) => set(row.id, { name: event.target.value })}
                />
                {type === 'json' ? (
                  <TextArea className="font-mono text-xs" rows={2} {...value} />
                ) : (
                  <Input className="font-mono" {...value} />
                )}
                <IconButton
                  label={`Remove variant ${index + 1}`}
                  disabled={rows.length <= 1}
                  onClick={() => onChange(rows.filter((other) => other.id !== row.id))}
                >
                  <Trash2 />
                </IconButton>
              </div>
              <FieldProblems
                problems={[
                  ...(KEY.test(row.name) ? [] : ['needs a name of a–z, 0–9, dot, dash and underscore']),
                  ...(parsed.ok ? [] : [parsed.problem]),
                  ...problemsIn(problems, `/variants/${index}`),
                ]}
              />
            </div>
          );
        })}
      </div>
      <FieldProblems problems={problems.filter(({ field }) => field === '/variants')} />
      <Button look="quiet" className="mt-2" onClick={add}>
        <Plus className="size-4" aria-hidden="true" /> Add variant
      </Button>
    </fieldset>
  );
}
