import { utcTime } from '@spillway/core/wording';
import { Input } from './field.tsx';
import { fromLocalInput, localInput } from './time.ts';

/** A moment: chosen in local time, shown in UTC beside it, so that two people mean the same. */
export function InstantInput({
  label,
  value,
  onChange,
  isWrong = false,
}: {
  label: string;
  /** Milliseconds since 1970; undefined while nothing is chosen. */
  value: number | undefined;
  onChange: (value: number | undefined) => void;
  isWrong?: boolean;
}) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <Input
        type="datetime-local"
        aria-label={`${label} (local time)`}
        aria-invalid={isWrong}
        className="numbers w-52!"
        max="9999-12-31T23:59"
        value={value === undefined ? '' : localInput(value)}
        onChange={(event) => onChange(fromLocalInput(event.target.value))}
      />
      <span className="numbers whitespace-nowrap text-muted text-xs">
        {value === undefined ? 'local time' : utcTime(value)}
      </span>
    </span>
  );
}
