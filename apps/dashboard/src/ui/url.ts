import { useLocation, useSearch } from 'wouter';

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
