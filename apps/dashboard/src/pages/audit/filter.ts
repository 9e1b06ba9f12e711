import type { Change } from '../../documents.ts';
import type { AuditFilter } from './queries.ts';

export const NOUNS = [
  'flags',
  'segments',
  'switches',
  'rollouts',
  'services',
  'environments',
  'access',
] as const satisfies Change['noun'][];

/** What the address says, as texts: each filter is a parameter, so that a view can be shared. */
export interface AuditParameters {
  readonly noun: string;
  readonly key: string;
  readonly actor: string;
  readonly environment: string;
  readonly search: string;
  /** Days as the date fields of a browser give them, `2026-11-25`; the last one is included. */
  readonly from: string;
  readonly to: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What of it can be asked for; anything that makes no sense is left out. Days begin and end where the reader is. */
export function filterOf({ noun, key, actor, environment, search, from, to }: AuditParameters): AuditFilter {
  const chosen = NOUNS.find((candidate) => candidate === noun);
  const start = startOf(from, 0);
  const end = startOf(to, 1);
  return {
    ...(chosen === undefined ? {} : { noun: chosen }),
    ...(key === '' ? {} : { key }),
    ...(actor === '' ? {} : { actor }),
    ...(environment === '' ? {} : { environment }),
    ...(search === '' ? {} : { search }),
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { to: end }),
  };
}

function startOf(day: string, later: number): string | undefined {
  if (!DAY.test(day)) return undefined;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const moment = new Date(year, month - 1, date + later);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
