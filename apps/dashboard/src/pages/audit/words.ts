import type { Change } from '../../documents.ts';

const NOUN: Readonly<Record<Change['noun'], string>> = {
  flags: 'flag',
  segments: 'segment',
  switches: 'kill switch',
  rollouts: 'rollout',
  services: 'service',
  environments: 'environment',
  access: 'access',
};

export function nounWord(noun: Change['noun']): string {
  return NOUN[noun];
}

/** `flag.updated` → `updated`; `rollout.stage_started` → `stage started`. */
export function actionWord(action: string): string {
  return action.slice(action.indexOf('.') + 1).replaceAll(/[_-]/g, ' ');
}

/** Where the thing a change is about can be looked at, if it has a page. */
export function pageOf(change: Pick<Change, 'noun' | 'key'>): string | undefined {
  if (change.noun === 'flags') return `/flags/${encodeURIComponent(change.key)}`;
  if (change.noun === 'rollouts') return `/rollouts/${encodeURIComponent(change.key)}`;
  return undefined;
}

/** The decision behind a change, when it was made by a controller. */
export function decisionOf(change: Change): string | undefined {
  const { because } = change;
  if (typeof because !== 'object' || because === null || Array.isArray(because)) return undefined;
  const { summary } = because as { readonly summary?: unknown };
  return typeof summary === 'string' && summary !== '' ? summary : undefined;
}
