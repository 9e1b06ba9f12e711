import type { FlagType } from '@spillway/evaluator';
import { useState } from 'react';
import { parseVariantValue } from '../../conditions/values.ts';
import type { FlagServe, Variant } from '../../documents.ts';
import { Input, Select, TextArea } from '../../ui/field.tsx';
import { type FieldProblem, FieldProblems } from '../../ui/field-problems.tsx';
import { shortValue } from './describe.ts';
import { RampEditor } from './ramp-editor.tsx';
import { formOf, inForm, type ServeForm, serveFault } from './serve.ts';
import { ShareRows } from './share-rows.tsx';
import { inOrderOf, sharesOf } from './split.ts';
import { StagesEditor } from './stages-editor.tsx';

const FORMS: readonly { readonly form: Exclude<ServeForm, 'variant'>; readonly words: string }[] = [
  { form: 'split', words: 'A percentage of people each…' },
  { form: 'stages', words: 'In stages, at given times…' },
  { form: 'ramp', words: 'Gradually, on a ramp…' },
  { form: 'value', words: 'Another value…' },
];
/** No variant's name can begin so. */
const MARK = '\u0000';

export interface ServeEditorProps {
  readonly label: string;
  readonly serve: FlagServe;
  readonly variants: readonly Variant[];
  readonly type: FlagType;
  readonly problems?: readonly FieldProblem[];
  readonly onChange: (serve: FlagServe) => void;
  /** Told whether what was typed as a value is none. */
  readonly onBroken: (isBroken: boolean) => void;
}

/** One variant, shares of several, shares that change with time, or a value that is no variant. */
export function ServeEditor({ label, serve, variants, type, problems = [], onChange, onBroken }: ServeEditorProps) {
  const form = formOf(serve);
  const forms = FORMS.filter((item) => variants.length > 1 || item.form === 'value');
  const choose = (value: string) => {
    onBroken(false);
    const chosen = forms.find((item) => MARK + item.form === value);
    onChange(chosen === undefined ? { variant: value } : inForm(serve, chosen.form, variants, type, Date.now()));
  };
  const fault = form === 'split' ? undefined : serveFault(serve, variants);
  return (
    <div>
      <Select
        aria-label={`${label}: what to serve`}
        className="w-72! max-w-full"
        value={'variant' in serve ? serve.variant : MARK + form}
        onChange={(event) => choose(event.target.value)}
      >
        {variants.map((variant) => (
          <option key={variant.name} value={variant.name}>
            {variant.name} ({shortValue(variant.value, 24)})
          </option>
        ))}
        {forms.map((item) => (
          <option key={item.form} value={MARK + item.form}>
            {item.words}
          </option>
        ))}
      </Select>
      {'split' in serve ? (
        <ShareRows
          label={label}
          shares={sharesOf(serve, variants)}
          variants={variants}
          onChange={(shares) => onChange({ split: inOrderOf(serve.split, shares) })}
        />
      ) : null}
      {'stages' in serve ? (
        <StagesEditor
          label={label}
          stages={serve.stages}
          variants={variants}
          onChange={(stages) => onChange({ stages })}
        />
      ) : null}
      {'ramp' in serve ? (
        <RampEditor label={label} ramp={serve.ramp} variants={variants} onChange={(ramp) => onChange({ ramp })} />
      ) : null}
      {'value' in serve ? (
        <ValueEditor label={label} value={serve.value} type={type} onChange={onChange} onBroken={onBroken} />
      ) : null}
      <FieldProblems problems={[...(fault === undefined ? [] : [fault]), ...problems]} />
    </div>
  );
}

function ValueEditor({
  label,
  value,
  type,
  onChange,
  onBroken,
}: {
  label: string;
  value: Extract<FlagServe, { value: unknown }>['value'];
  type: FlagType;
  onChange: (serve: FlagServe) => void;
  onBroken: (isBroken: boolean) => void;
}) {
  const [text, setText] = useState(() =>
    type === 'string' && typeof value === 'string' ? value : JSON.stringify(value, null, type === 'json' ? 2 : 0),
  );
  const parsed = parseVariantValue(type, text);
  const change = (next: string) => {
    setText(next);
    const read = parseVariantValue(type, next);
    onBroken(!read.ok);
    if (read.ok) onChange({ value: read.value });
  };
  const shared = {
    'aria-label': `${label}: value`,
    'aria-invalid': !parsed.ok,
    value: text,
    onChange: (event: { target: { value: string } }) => change(event.target.value),
  };
  return (
    <div className="mt-3 max-w-xl">
      {type === 'json' ? (
        <TextArea rows={5} className="font-mono text-xs" {...shared} />
      ) : (
        <Input className="font-mono" {...shared} />
      )}
      <FieldProblems problems={parsed.ok ? [] : [parsed.problem]} />
    </div>
  );
}
