import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../../api.ts';
import type { Environment, Flag, FlagEnvironment, FlagServe } from '../../../documents.ts';
import { useNow } from '../../../ui/ago.tsx';
import { buttonClass } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/notice.tsx';
import { Card, Section } from '../../../ui/page.tsx';
import { toast } from '../../../ui/toast.tsx';
import { EnvironmentSwitch } from '../environment-switch.tsx';
import { stateIn, summaryOf } from '../flag-state.ts';
import { KilledNotice } from '../killed-notice.tsx';
import { type Delivery, deliveriesOf, stoppedSchedule, withServe } from './delivery.ts';
import { DeliveryCard } from './delivery-card.tsx';
import type { Move } from './moves.tsx';
import { ServiceRollouts } from './service-rollouts.tsx';

const ReviewDialog = lazy(async () => ({ default: (await import('../review-dialog.tsx')).ReviewDialog }));

/** Looked through for the schedule that was held; who held it long ago is better off making a new one. */
const ENTRIES = 50;
const TICK_MS = 1_000;

/** How far the flag has got to its users: shares, stages and ramps as they stand, and releases of its services. */
export function RolloutTab({ flag, environment }: { flag: Flag; environment: Environment }) {
  const state = stateIn(flag, environment.key);
  const deliveries = deliveriesOf(state);
  const now = useNow(TICK_MS);
  const stopped = useStoppedSchedules(flag, environment.key, deliveries);
  const [asked, setAsked] = useState<{ readonly delivery: Delivery; readonly move: Move; readonly serve: FlagServe }>();
  return (
    <>
      <div className="mb-6 space-y-3">
        <KilledNotice flag={flag} environment={environment} offVariant={state.off_variant} />
        <Card className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
          <EnvironmentSwitch flag={flag} environment={environment} />
          <div className="min-w-0 flex-1 basis-40">
            <p className="font-medium">
              {state.enabled ? 'On' : 'Off'} in {environment.key}
            </p>
            <p className="text-muted">{standing(state, deliveries.length)}</p>
          </div>
          <a href="/emergency" className={buttonClass()}>
            Kill switches
          </a>
        </Card>
      </div>
      <Section title={`Shares in ${environment.key}`}>
        {deliveries.length === 0 ? (
          <Empty
            title={`Nothing is shared out in ${environment.key}`}
            action={
              <Link href={targetingOf(flag, environment)} className={buttonClass()}>
                Open targeting
              </Link>
            }
          >
            Every rule serves one thing to everyone it matches. Serve a percentage, stages or a ramp, and this is where
            it is watched and steered.
          </Empty>
        ) : (
          <ul className="space-y-3">
            {deliveries.map((delivery) => (
              <DeliveryCard
                key={delivery.id}
                delivery={delivery}
                variants={flag.variants}
                now={now}
                stopped={stopped.get(delivery.id)}
                isArchived={flag.lifecycle === 'archived'}
                targeting={targetingOf(flag, environment)}
                onMove={(move, serve) => setAsked({ delivery, move, serve })}
              />
            ))}
          </ul>
        )}
      </Section>
      <ServiceRollouts flag={flag} environment={environment} />
      <Suspense>
        {asked === undefined ? null : (
          <ReviewDialog
            flag={flag}
            environment={environment}
            draft={withServe(state, asked.delivery.id, asked.serve)}
            title={`${asked.move.question} of ${flag.key} in ${environment.key}?`}
            confirm={asked.move.confirm}
            onClose={() => setAsked(undefined)}
            onSaved={(saved) =>
              toast('ok', `${flag.key} ${asked.move.done} in ${environment.key}, version ${saved.version}`)
            }
          />
        )}
      </Suspense>
    </>
  );
}

/** In a line; what each share is stands below it. */
function standing(state: FlagEnvironment, shares: number): string {
  if (shares === 0) return summaryOf(state);
  if (state.enabled) return 'What is below is what people get now.';
  return `${summaryOf(state)}; what is planned below reaches nobody until it is on.`;
}

function targetingOf(flag: Flag, environment: Environment): string {
  return `/flags/${encodeURIComponent(flag.key)}?env=${encodeURIComponent(environment.key)}`;
}

/** By the delivery's id; asked for only where shares stand still, because only those can be gone on with. */
function useStoppedSchedules(flag: Flag, environment: string, deliveries: readonly Delivery[]) {
  const standing = deliveries.filter(({ serve }) => 'split' in serve);
  const history = useQuery({
    queryKey: ['flags', 'history', flag.key, 'newest', flag.version],
    queryFn: ({ signal }) => ask('flagHistory', { params: { key: flag.key }, query: { limit: ENTRIES }, signal }),
    enabled: standing.length > 0,
  });
  const entries = history.data?.items ?? [];
  return new Map(standing.map((delivery) => [delivery.id, stoppedSchedule(entries, environment, delivery)]));
}
