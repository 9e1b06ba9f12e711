import { type RefObject, useEffect } from 'react';

/** j, k and the arrow keys go from row to row; a row is a link, so that Enter opens it. */
export function useRowNavigation(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
      if (by === undefined || document.querySelector('[role="dialog"]') !== null) return;
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      const isSearch = target?.matches('[data-search]') === true && event.key.startsWith('Arrow');
      if (!isSearch && target?.closest('input, textarea, select, [role="menu"], [role="tablist"]')) return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])].filter(
        (row) => row.offsetParent !== null,
      );
      const current = rows.findIndex((row) => row.closest('[data-row-of]')?.contains(document.activeElement) === true);
      const next = rows[current === -1 ? (by === 1 ? 0 : rows.length - 1) : current + by];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: 'nearest' });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list]);
}
