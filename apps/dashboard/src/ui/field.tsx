import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import { Glyph } from './glyph.tsx';

/** A labelled control: the render function gets the ids that tie label, hint and error to it. */
export function Field({
  label,
  hint,
  error,
  children,
  className,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
  className?: string;
}) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {children({
        id,
        ...(note === undefined ? {} : { 'aria-describedby': `${id}-note` }),
        ...(error === undefined ? {} : { 'aria-invalid': true as const }),
      })}
      {note === undefined ? null : (
        <p id={`${id}-note`} className={cx('mt-1 text-xs', error === undefined ? 'text-muted' : 'text-bad')}>
          {error === undefined ? (
            note
          ) : (
            <>
              <Glyph sign="✖" /> {error}
            </>
          )}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cx('field', className)} autoComplete="off" spellCheck={false} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={cx('field h-auto! min-h-16 resize-y py-1.5', className)} spellCheck={false} {...rest} />;
}

export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <select className={cx('field pr-7', className)} {...rest}>
      {children}
    </select>
  );
}

/** Why something is done. Kept in the log with the change. */
export function ReasonField({
  value,
  onChange,
  required,
  autoFocus = false,
}: {
  value: string;
  onChange: (value: string) => void;
  required: boolean;
  autoFocus?: boolean;
}) {
  return (
    <Field
      label={required ? 'Reason' : 'Reason (optional)'}
      hint={required ? 'A protected environment is affected: the log keeps why.' : 'Kept in the log with the change.'}
    >
      {(control) => (
        <Input
          {...control}
          value={value}
          maxLength={2000}
          required={required}
          autoFocus={autoFocus}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
