import { type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

/** One of a few choices, all in sight: radio buttons that look like one control. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { readonly id: T; readonly label: ReactNode }[];
  value: T;
  onChange: (id: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="inline-flex min-w-0 max-w-full overflow-x-auto rounded-md border border-line bg-surface p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.id}
          className={cx(
            'touch relative inline-flex h-7 items-center whitespace-nowrap rounded-sm px-2.5 font-medium',
            'has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.id === value ? 'bg-raised text-text shadow-[0_0_0_1px_var(--line)]' : 'text-muted hover:text-text',
          )}
        >
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={option.id === value}
            onChange={() => onChange(option.id)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
