import type { Change } from '../../documents.ts';

const NOUN: Readonly<Record<Change['noun'], string>> = {
  flags: 'flag',
  segments: 'segment',
  switches: 'kill switch',
  rollouts: 'rollout',
  services: 'service',
  environments: 'environment',
  access: 'access',
  references: 'code references',
};

export function nounWord(noun: Change['noun']): string {
  return NOUN[noun];
}

/** `session:admin` → `admin`: how someone came in is in the details. */
export function actorName(actor: string): string {
  return actor.slice(actor.indexOf(':') + 1);
}

/** What a person would call the thing: tokens and sessions have a name beside their id. */
export function objectName(change: Pick<Change, 'noun' | 'key' | 'before' | 'after'>): string {
  if (change.noun !== 'access') return change.key;
  return nameIn(change.after) ?? nameIn(change.before) ?? change.key;
}

function nameIn(document: Change['after']): string | undefined {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined;
  const { name } = document as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** Those that noun and action alone would say badly. */
const DEEDS: Readonly<Record<string, string>> = {
  'session.started': 'signed in as',
  'session.ended': 'signed out',
  'segment.members_imported': 'imported members into segment',
  'service.versions_changed': 'changed the versions of service',
  'service.live_changed': 'changed the live version of service',
  'rollout.started': 'started rollout',
  'rollout.checked': 'checked rollout',
  'rollout.stage_started': 'started a stage of rollout',
  'rollout.step_started': 'started a step of rollout',
  'rollout.traffic_confirmed': 'confirmed the traffic of rollout',
  'rollout.version_started': 'started the version of rollout',
  'rollout.version_stopped': 'stopped a version of rollout',
  'rollout.completing': 'gave all traffic to rollout',
  'rollout.going_back': 'took traffic back from rollout',
  'rollout.succeeded': 'completed rollout',
  'rollout.rolled_back': 'rolled back rollout',
};

/** What happened to what, without its name: `created flag`, `signed in as`. */
export function deedWords(change: Pick<Change, 'action' | 'noun'>): string {
  const deed = DEEDS[change.action];
  if (deed !== undefined) return deed;
  if (change.noun === 'rollouts') return `${actionWord(change.action)}: rollout`;
  if (change.action.startsWith('token.')) return `${actionWord(change.action)} token`;
  return `${actionWord(change.action)} ${nounWord(change.noun)}`;
}

/** `flag.updated` → `updated`; `rollout.stage_started` → `stage started`. */
export function actionWord(action: string): string {
  return action.slice(action.indexOf('.') + 1).replaceAll(/[_-]/g, ' ');
}

/** Where the thing a change is about can be looked at, if it has a page. */
export function pageOf(change: Pick<Change, 'noun' | 'key'>): string | undefined {
  if (change.noun === 'flags') return `/flags/${encodeURIComponent(change.key)}`;
  if (change.noun === 'segments') return `/segments/${encodeURIComponent(change.key)}`;
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
