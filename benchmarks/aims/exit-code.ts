/** Under `--check` each aim that is missed is named, and one is enough to fail. */
export function exitCode(missed: readonly string[], { check }: { readonly check: boolean }): 0 | 1 {
  if (!check) return 0;
  for (const one of missed) console.error(`missed: ${one}`);
  return missed.length > 0 ? 1 : 0;
}
