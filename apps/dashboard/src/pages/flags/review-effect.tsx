import { useQuery } from '@tanstack/react-query';
import { ask, isPassing, problemOf } from '../../api.ts';
import type { Environment, Flag, FlagEnvironment } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { Effect, whomOf } from '../../review/effect.tsx';
import { TriedContexts, useTriedContexts } from '../../review/tried-contexts.tsx';
import { Notice, ProblemNote } from '../../ui/notice.tsx';

interface Reviewed {
  readonly flag: Flag;
  readonly environment: Environment;
  readonly patch: Partial<FlagEnvironment>;
}

/** What the change would do to those who asked lately, or to others. Nothing here stands in the way of saving. */
export function ReviewEffect({ flag, environment, patch }: Reviewed) {
  const tried = useTriedContexts();
  const { contexts } = tried;
  const preview = useQuery({
    queryKey: keys.preview(flag.key, environment.key, flag.version, { patch, contexts }),
    queryFn: ({ signal }) =>
      ask('previewFlag', {
        params: { key: flag.key },
        body: {
          ...{ environment: environment.key, update: patch },
          ...(contexts === undefined ? {} : { contexts: [...contexts] }),
        },
        signal,
      }),
    enabled: tried.isReady,
  });
  const effect = preview.data?.environments[environment.key];
  return (
    <section aria-label={`Effect on ${tried.from === 'recent' ? 'recent' : 'chosen'} contexts`} className="space-y-2">
      {(preview.data?.warnings ?? []).map(({ field, message }) => (
        <Notice key={field} tone="warn" title={`Rule ${Number(field.split('/').at(-1)) + 1} ${message}`} />
      ))}
      <TriedContexts tried={tried} environments={[environment]} />
      {preview.isLoading ? <p className="text-muted text-xs">Trying it on contexts…</p> : null}
      {/* What saving would refuse is told by saving, at the fields it is about. */}
      {preview.isError && (tried.from === 'given' || isPassing(problemOf(preview.error))) ? (
        <ProblemNote error={preview.error} onRetry={() => preview.refetch()} />
      ) : null}
      {effect === undefined || !tried.isReady ? null : effect.contexts === 0 ? (
        <p className="text-muted text-xs">
          {environment.recent_contexts === 'off'
            ? `${environment.key} keeps no recent contexts, so whom this changes cannot be told. Settings let it keep some; or paste some of your own.`
            : effect.sample.hint}
        </p>
      ) : (
        <EffectOn effect={effect} />
      )}
    </section>
  );
}

type EffectOf = Awaited<ReturnType<typeof ask<'previewFlag'>>>['environments'][string];

function EffectOn({ effect }: { effect: EffectOf }) {
  const whom = whomOf(effect.sample);
  const others = Object.entries(effect.dependents);
  if (effect.changed === 0 && others.length === 0) {
    return (
      <Notice>
        None of the {effect.contexts.toLocaleString('en')} {whom} would get another value.
      </Notice>
    );
  }
  return (
    <div className="space-y-2">
      <Effect effect={effect} whom={whom} />
      {others.map(([key, { changed: count }]) => (
        <p key={key} className="text-xs">
          <code className="font-mono">{key}</code>, which requires it, changes for {count.toLocaleString('en')}.
        </p>
      ))}
    </div>
  );
}
