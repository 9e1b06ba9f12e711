import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface Column {
  readonly id: string;
  readonly name: ReactNode;
  /** Numbers stand to the right, switches in the middle. */
  readonly align?: 'right' | 'center';
  readonly className?: string;
}

const ALIGN = { right: 'text-right', center: 'text-center' } as const;

/** A table with one look; its rows are `TableRow`s, and it scrolls by itself where it is too wide. */
export function Table({
  label,
  columns,
  children,
  className,
}: {
  label: string;
  columns: readonly Column[];
  children: ReactNode;
  className?: string;
}) {
  return (
    <div className={cx('overflow-x-auto', className)}>
      <table className="w-full text-left" aria-label={label}>
        <thead>
          <tr className="border-line border-b text-muted text-xs">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={cx(
                  'h-9 px-3 font-medium first:pl-4 last:pr-4',
                  column.align === undefined ? undefined : ALIGN[column.align],
                  column.className,
                )}
              >
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  );
}

/** A row with what it is about first. */
export function TableRow({
  heading,
  children,
  of,
  headingClass,
}: {
  heading: ReactNode;
  /** `TableCell`s. */
  children: ReactNode;
  /** Names the row for walking through it by keyboard. */
  of?: string;
  headingClass?: string;
}) {
  return (
    <tr {...(of === undefined ? {} : { 'data-row-of': of })} className="focus-within:bg-surface hover:bg-surface">
      <th scope="row" className={cx('py-2 pr-3 pl-4 font-normal', headingClass)}>
        {heading}
      </th>
      {children}
    </tr>
  );
}

export function TableCell({
  children,
  align,
  className,
  title,
}: {
  children: ReactNode;
  align?: 'right' | 'center';
  className?: string;
  title?: string;
}) {
  return (
    <td
      title={title}
      className={cx(
        'px-3 last:pr-4',
        align === 'right' && 'numbers whitespace-nowrap',
        align === undefined ? undefined : ALIGN[align],
        className,
      )}
    >
      {children}
    </td>
  );
}
