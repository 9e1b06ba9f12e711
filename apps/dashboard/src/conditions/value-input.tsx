import type { Operator } from '@spillway/evaluator';
import { Input, TextArea } from '../ui/field.tsx';
import { InstantInput } from '../ui/instant-input.tsx';
import { rfc3339 } from '../ui/time.ts';
import { OPERATORS } from './operators.ts';
import { instantOf } from './values.ts';

/** From here on a list is easier to read line by line. */
const LONG_TEXT = 60;
const MAX_ROWS = 8;

interface ValueInputProps {
  readonly label: string;
  readonly operator: Operator;
  readonly text: string;
  readonly isWrong: boolean;
  readonly onChange: (text: string) => void;
}

/** The input that fits what the operator compares with. */
export function ValueInput({ label, operator, text, isWrong, onChange }: ValueInputProps) {
  const { operand } = OPERATORS[operator];
  const more = {
    'aria-invalid': isWrong,
    value: text,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (operand === 'nothing') return null;
  if (operand === 'range') return <RangeInput label={label} text={text} isWrong={isWrong} onChange={onChange} />;
  if (operand === 'instant') {
    return (
      <InstantInput
        label={`${label}: value`}
        value={instantOf(text)}
        isWrong={isWrong}
        onChange={(at) => onChange(at === undefined ? '' : rfc3339(at))}
      />
    );
  }
  if (operand === 'scalars') {
    const name = `${label}: values, separated by commas`;
    if (text.length <= LONG_TEXT && !text.includes('\n')) {
      return <Input aria-label={name} className="font-mono" placeholder="NZ, AU" {...more} />;
    }
    const rows = Math.min(MAX_ROWS, Math.max(2, Math.ceil(text.length / LONG_TEXT), text.split('\n').length));
    return <TextArea aria-label={name} className="font-mono text-xs" rows={rows} {...more} />;
  }
  const name = `${label}: value`;
  if (operand === 'number') {
    return <Input aria-label={name} type="number" step="any" className="numbers font-mono" {...more} />;
  }
  return <Input aria-label={name} className="font-mono" placeholder={PLACEHOLDER[operand]} {...more} />;
}

const PLACEHOLDER = {
  scalar: '',
  text: '',
  pattern: '^ab+c$',
  version: '2.1.0',
  imported: '["launchdarkly", {…}]',
} as const;

function RangeInput({ label, text, isWrong, onChange }: Omit<ValueInputProps, 'operator'>) {
  const [low = '', high = ''] = text.split(',').map((part) => part.trim());
  const bound = (name: string, value: string, set: (next: string) => void) => (
    <Input
      aria-label={`${label}: ${name}`}
      aria-invalid={isWrong}
      type="number"
      step="any"
      className="numbers min-w-20 font-mono"
      value={value}
      onChange={(event) => set(event.target.value)}
    />
  );
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2">
      {bound('lowest', low, (next) => onChange(`${next}, ${high}`))}
      <span className="text-muted">and</span>
      {bound('highest', high, (next) => onChange(`${low}, ${next}`))}
    </span>
  );
}
