import { cx } from './cx.ts';

/** On or off. The knob's place and the mark in it say the state; colour only repeats it. */
export function Switch({
  on,
  label,
  onChange,
  busy = false,
  disabled = false,
}: {
  on: boolean;
  label: string;
  onChange: (next: boolean) => void;
  busy?: boolean;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      aria-busy={busy}
      disabled={disabled || busy}
      onClick={() => onChange(!on)}
      className="touch group inline-flex items-center align-middle justify-center rounded-full disabled:opacity-50"
    >
      <span
        aria-hidden="true"
        className={cx(
          'relative block h-[18px] w-8 rounded-full border transition-colors duration-150',
          on ? 'border-transparent bg-accent' : 'border-field bg-sunken group-hover:border-muted',
        )}
      >
        <span
          className={cx(
            'absolute top-px left-px block size-3.5 rounded-full transition-transform duration-150',
            on ? 'translate-x-3.5 bg-on-accent' : 'bg-field group-hover:bg-muted',
            busy && 'animate-pulse',
          )}
        />
      </span>
    </button>
  );
}
