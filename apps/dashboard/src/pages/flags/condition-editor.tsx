import type { Condition, Operator } from '@spillway/evaluator';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { conditionOf, rowsOf } from './condition-rows.ts';
import { describeCondition, OPERATOR_WORDS } from './describe.ts';
import { formatValues, parseJson, parseValues, valueCount } from './values.ts';

interface Row {
  readonly id: number;
  readonly attribute: string;
  readonly operator: Operator;
  readonly text: string;
}

const JOINS = [
  { id: 'all', label: 'All of these' },
  { id: 'any', label: 'Any of these' },
] as const;

const OPERATORS = Object.keys(OPERATOR_WORDS) as readonly Operator[];

/** Rows for what rows can say, JSON for the rest (nesting, negation, segments). */
export function ConditionEditor(props: {
  condition: Condition;
  onChange: (condition: Condition) => void;
  onBroken: (isBroken: boolean) => void;
}) {
  const [asJson, setAsJson] = useState(() => rowsOf(props.condition) === undefined);
  const rowsPossible = rowsOf(props.condition) !== undefined;
  return (
    <fieldset>
      <div className="mb-1 flex items-center gap-3">
        <legend className="float-left flex-1 font-medium">If</legend>
        <Button look="quiet" disabled={asJson && !rowsPossible} onClick={() => setAsJson(!asJson)}>
          {asJson ? 'Edit as rows' : 'Edit as JSON'}
        </Button>
      </div>
      {asJson ? <JsonCondition {...props} /> : <RowCondition {...props} />}
    </fieldset>
  );
}

function RowCondition({
  condition,
  onChange,
  onBroken,
}: {
  condition: Condition;
  onChange: (condition: Condition) => void;
  onBroken: (isBroken: boolean) => void;
}) {
  const initial = rowsOf(condition);
  const [join, setJoin] = useState(initial?.join ?? 'all');
  const [rows, setRows] = useState<readonly Row[]>(() =>
    (initial?.rows ?? []).map((row, id) => ({
      id,
      attribute: row.attribute,
      operator: row.operator,
      text: formatValues(row.operator, row.values),
    })),
  );

  const apply = (nextJoin: 'all' | 'any', next: readonly Row[]) => {
    setJoin(nextJoin);
    setRows(next);
    const parsed = next.map((row) => ({ row, values: parseValues(row.operator, row.text) }));
    const complete = next.length > 0 && parsed.every(({ row, values }) => values.ok && row.attribute.trim() !== '');
    onBroken(!complete);
    if (!complete) return;
    onChange(
      conditionOf({
        join: nextJoin,
        rows: parsed.flatMap(({ row, values }) =>
          values.ok ? [{ attribute: row.attribute.trim(), operator: row.operator, values: values.value }] : [],
        ),
      }),
    );
  };
  const set = (id: number, part: Partial<Row>) =>
    apply(
      join,
      rows.map((row) => (row.id === id ? { ...row, ...part } : row)),
    );

  return (
    <div className="space-y-2">
      {rows.length > 1 ? (
        <Segmented
          label="How conditions are joined"
          options={JOINS}
          value={join}
          onChange={(next) => apply(next, rows)}
        />
      ) : null}
      {rows.map((row, index) => (
        <ConditionRow
          key={row.id}
          row={row}
          place={index + 1}
          onSet={(part) => set(row.id, part)}
          onRemove={
            rows.length > 1
              ? () =>
                  apply(
                    join,
                    rows.filter((other) => other.id !== row.id),
                  )
              : undefined
          }
        />
      ))}
      <Button
        look="quiet"
        onClick={() =>
          apply(join, [
            ...rows,
            {
              id: Math.max(-1, ...rows.map((row) => row.id)) + 1,
              attribute: 'country',
              operator: 'in',
              text: 'NZ, AU',
            },
          ])
        }
      >
        <Plus className="size-4" aria-hidden="true" /> Add condition
      </Button>
    </div>
  );
}

function ConditionRow({
  row,
  place,
  onSet,
  onRemove,
}: {
  row: Row;
  place: number;
  onSet: (part: Partial<Row>) => void;
  onRemove: (() => void) | undefined;
}) {
  const parsed = parseValues(row.operator, row.text);
  const count = valueCount(row.operator);
  return (
    <div>
      <div className="flex flex-wrap gap-2 sm:flex-nowrap">
        <Input
          aria-label={`Condition ${place}: attribute`}
          className="font-mono sm:w-44!"
          value={row.attribute}
          maxLength={256}
          aria-invalid={row.attribute.trim() === ''}
          onChange={(event) => onSet({ attribute: event.target.value })}
        />
        <Select
          aria-label={`Condition ${place}: comparison`}
          className="sm:w-44!"
          value={row.operator}
          onChange={(event) => {
            const operator = OPERATORS.find((candidate) => candidate === event.target.value);
            if (operator !== undefined) onSet({ operator });
          }}
        >
          {OPERATORS.map((operator) => (
            <option key={operator} value={operator}>
              {OPERATOR_WORDS[operator]}
            </option>
          ))}
        </Select>
        <div className="flex min-w-0 flex-1 basis-full gap-2 sm:basis-0">
          {count === 'none' ? (
            <span className="flex-1" />
          ) : (
            <Input
              aria-label={`Condition ${place}: ${count === 'one' ? 'value' : 'values, separated by commas'}`}
              className="font-mono"
              value={row.text}
              aria-invalid={!parsed.ok}
              onChange={(event) => onSet({ text: event.target.value })}
            />
          )}
          <IconButton label={`Remove condition ${place}`} disabled={onRemove === undefined} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        </div>
      </div>
      {parsed.ok ? null : (
        <p className="mt-1 text-bad text-xs">
          <Glyph sign="✖" /> {parsed.problem}
        </p>
      )}
      {row.attribute.trim() === '' ? (
        <p className="mt-1 text-bad text-xs">
          <Glyph sign="✖" /> names no attribute
        </p>
      ) : null}
    </div>
  );
}

function JsonCondition({
  condition,
  onChange,
  onBroken,
}: {
  condition: Condition;
  onChange: (condition: Condition) => void;
  onBroken: (isBroken: boolean) => void;
}) {
  const [text, setText] = useState(() => JSON.stringify(condition, null, 2));
  const parsed = parseJson(text);
  const isObject =
    parsed.ok && typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value);
  const problem = parsed.ok ? (isObject ? undefined : 'must be an object') : parsed.problem;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once per change of the verdict
  useEffect(() => onBroken(problem !== undefined), [problem === undefined]);
  return (
    <Field label="Condition as JSON" error={problem} hint={isObject ? describeSafely(condition) : undefined}>
      {(control) => (
        <TextArea
          {...control}
          rows={8}
          className="font-mono text-xs"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const next = parseJson(event.target.value);
            // The server checks the shape and names the place; here it only has to be an object.
            if (next.ok && typeof next.value === 'object' && next.value !== null && !Array.isArray(next.value)) {
              onChange(next.value as unknown as Condition);
            }
          }}
        />
      )}
    </Field>
  );
}

function describeSafely(condition: Condition): string {
  try {
    return describeCondition(condition);
  } catch {
    return 'Not a condition yet: use all, any, not, segment, or attribute with operator and values.';
  }
}
