import { useQuery } from '@tanstack/react-query';
import { ask, isPassing, problemOf } from '../../api.ts';
import { useEnvironments } from '../../live/queries.ts';
import { Effect, whomOf } from '../../review/effect.tsx';
import { TriedContexts, useTriedContexts } from '../../review/tried-contexts.tsx';
import { EnvironmentName } from '../../ui/badge.tsx';
import { ProblemNote } from '../../ui/notice.tsx';
import { Mono } from '../../ui/page.tsx';
import type { Segment, SegmentInput } from './queries.ts';

const FLAGS_SHOWN = 5;

/** What the change would do to members and to the flags that use the segment. Nothing here stands in the way of saving. */
export function ReviewSegmentEffect({ base, segment }: { base: Segment; segment: SegmentInput }) {
  const environments = useEnvironments().data ?? [];
  const tried = useTriedContexts();
  const { contexts } = tried;
  const preview = useQuery({
    queryKey: ['preview', 'segments', base.key, base.version, segment, contexts],
    queryFn: ({ signal }) =>
      ask('previewSegment', {
        params: { key: base.key },
        body: { segment, ...(contexts === undefined ? {} : { contexts: [...contexts] }) },
        signal,
      }),
    enabled: tried.isReady,
  });
  const found = Object.entries(preview.data?.environments ?? {});
  const looked = found.filter(([, { sample }]) => sample.contexts > 0);
  return (
    <section aria-label={`Effect on ${tried.from === 'recent' ? 'recent' : 'chosen'} contexts`} className="space-y-2">
      <TriedContexts tried={tried} environments={environments} />
      {preview.isLoading ? <p className="text-muted text-xs">Trying it on contexts…</p> : null}
      {preview.isError && (tried.from === 'given' || isPassing(problemOf(preview.error))) ? (
        <ProblemNote error={preview.error} onRetry={() => preview.refetch()} />
      ) : null}
      {found.length > 0 && looked.length === 0 ? (
        <p className="text-muted text-xs">
          No environment has recent contexts. One that collects them says here whom a change reaches; see Settings.
        </p>
      ) : null}
      {looked.map(([name, effect]) => (
        <InEnvironment
          key={name}
          name={name}
          isProtected={environments.some((each) => each.key === name && each.protected)}
          effect={effect}
        />
      ))}
    </section>
  );
}

type EffectIn = Awaited<ReturnType<typeof ask<'previewSegment'>>>['environments'][string];

function InEnvironment({ name, isProtected, effect }: { name: string; isProtected: boolean; effect: EffectIn }) {
  const { members, flags, flags_left_out, sample } = effect;
  const changed = Object.entries(flags).filter(([, { changed: count }]) => count > 0);
  const left = flags_left_out + Math.max(0, changed.length - FLAGS_SHOWN);
  return (
    <div className="space-y-1">
      <h3 className="font-medium">
        <EnvironmentName name={name} isProtected={isProtected} />
      </h3>
      <p>
        {members.entered.toLocaleString('en')} of {sample.contexts.toLocaleString('en')} {whomOf(sample)} would come in,{' '}
        {members.left.toLocaleString('en')} would leave
      </p>
      {changed.slice(0, FLAGS_SHOWN).map(([key, flag]) => (
        <div key={key} className="border-line border-l-2 pl-3">
          <Mono>{key}</Mono>
          <Effect effect={flag} whom={whomOf(sample)} />
        </div>
      ))}
      {changed.length === 0 ? <p className="text-muted text-xs">No flag would answer otherwise.</p> : null}
      {left === 0 ? null : <p className="text-muted text-xs">{left.toLocaleString('en')} more flags use it.</p>}
    </div>
  );
}
