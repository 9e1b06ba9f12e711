import { Search } from 'lucide-react';
import { cx } from './cx.ts';
import { Input } from './field.tsx';
import { Key } from './page.tsx';

/** What a list is searched by; `/` leads here from anywhere on the page. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  className,
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}) {
  return (
    <div className="relative w-full sm:w-80">
      <Search
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-muted"
        aria-hidden="true"
      />
      <Input
        type="search"
        data-search=""
        aria-label={label}
        placeholder={placeholder}
        className={cx('pr-8 pl-8', className)}
        value={value}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 sm:block">
        {value === '' ? <Key>/</Key> : null}
      </span>
    </div>
  );
}
