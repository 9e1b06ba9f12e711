import type { Flag } from '../../../documents.ts';
import { Ago } from '../../../ui/ago.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { fullTime } from '../../../ui/time.ts';
import { STALE_WORDS } from '../flag-standing.ts';
import { isNew, KEPT_DAYS, lastEvaluated } from './bins.ts';
import { useFlagUsage, useStaleness } from './queries.ts';

/** When an application last asked for it, anywhere. */
export function LastEvaluated({ flag }: { flag: Flag }) {
  const usage = useFlagUsage(flag.key).data;
  if (usage === undefined) return null;
  const last = lastEvaluated(usage.environments);
  if (last !== undefined) {
    return (
      <span>
        last evaluated <Ago at={last} />
      </span>
    );
  }
  const { created_at } = usage;
  return created_at !== null && isNew(created_at, Date.now()) ? (
    <span>
      new: made <Ago at={Date.parse(created_at)} />, not evaluated yet
    </span>
  ) : (
    <span>no evaluations in {KEPT_DAYS} days</span>
  );
}

/** Why the flag seems to have served its time, and what to do about it. */
export function StaleNotice({ flag }: { flag: Flag }) {
  const stale = useStaleness(flag.key).data;
  if (stale === undefined || stale === null) return null;
  return (
    <Notice tone="warn" title={`Stale: ${STALE_WORDS[stale.reason]}`} className="mb-4">
      Since <time dateTime={stale.since}>{fullTime(Date.parse(stale.since))}</time>.{' '}
      {flag.lifecycle === 'archived'
        ? 'Take it out of the code, then delete it.'
        : 'Take it out of the code and archive it, or mark it permanent under Details.'}
    </Notice>
  );
}
