/** Where a flag is managed, as the toolbar links to it. */
export function originOf(dashboard: string, flagKey: string): string {
  return `${dashboard.replace(/\/+$/, '')}/flags/${encodeURIComponent(flagKey)}`;
}
