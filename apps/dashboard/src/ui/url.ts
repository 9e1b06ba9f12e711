import { useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useSettled } from './settled.ts';

/** One query parameter as state: filters and tabs live in the address, so that it can be shared and gone back to. */
export function useParameter(name: string, fallback = ''): readonly [string, (value: string) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? fallback;
  const set = (next: string) => {
    const parameters = new URLSearchParams(window.location.search);
    if (next === fallback) parameters.delete(name);
    else parameters.set(name, next);
    const text = parameters.toString();
    navigate(text === '' ? path : `${path}?${text}`, { replace: true });
  };
  return [value, set];
}

/** Several query parameters at once; an absent one is empty text. Setting some of them is one step. */
export function useParameters<N extends string>(
  names: readonly N[],
): readonly [Readonly<Record<N, string>>, (values: Partial<Record<N, string>>) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const present = new URLSearchParams(search);
  const values = Object.fromEntries(names.map((name) => [name, present.get(name) ?? ''])) as Record<N, string>;
  const set = (next: Partial<Record<N, string>>) => {
    const parameters = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries<string | undefined>(next)) {
      if (value === undefined || value === '') parameters.delete(name);
      else parameters.set(name, value);
    }
    const text = parameters.toString();
    navigate(text === '' ? path : `${path}?${text}`, { replace: true });
  };
  return [values, set];
}

/** Short enough to follow typing, long enough not to ask for every letter. */
const QUIET_MS = 150;

/** What is searched for: as it is typed, and as it is asked for and stands in the address once typing pauses. */
export function useSearched(): { readonly typed: string; readonly settled: string; type: (text: string) => void } {
  const [search, setSearch] = useParameter('q');
  const [typed, type] = useState(search);
  const settled = useSettled(typed.trim(), QUIET_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what was typed, once typing pauses
  useEffect(() => setSearch(settled), [settled]);
  return { typed, settled, type };
}
