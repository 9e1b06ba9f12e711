import { useQuery } from '@tanstack/react-query';
import { ask, isPassing, problemOf } from '../../api.ts';
import type { Flag, FlagEnvironment } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { Notice, ProblemNote } from '../../ui/notice.tsx';
import { percentWords } from '../../ui/percent-words.ts';

const TRANSITIONS_SHOWN = 4;
const EXAMPLES_SHOWN = 3;

interface Reviewed {
  readonly flag: Flag;
  readonly environment: string;
  readonly patch: Partial<FlagEnvironment>;
}

/** What the change would do to those who asked lately. Nothing here stands in the way of saving. */
export function ReviewEffect({ flag, environment, patch }: Reviewed) {
  const preview = useQuery({
    queryKey: keys.preview(flag.key, environment, flag.version, patch),
    queryFn: ({ signal }) =>
      ask('previewFlag', { params: { key: flag.key }, body: { environment, update: patch }, signal }),
  });
  if (preview.isPending) return <p className="text-muted text-xs">Trying it on recent contexts…</p>;
  const effect = preview.data?.environments[environment];
  // What saving would refuse is told by saving, at the fields it is about.
  if (preview.isError)
    return isPassing(problemOf(preview.error)) ? (
      <ProblemNote error={preview.error} onRetry={() => preview.refetch()} />
    ) : null;
  if (effect === undefined) return null;
  return (
    <section aria-label="Effect on recent contexts" className="space-y-2">
      {preview.data.warnings.map(({ field, message }) => (
        <Notice key={field} tone="warn" title={`Rule ${Number(field.split('/').at(-1)) + 1} ${message}`} />
      ))}
      {effect.contexts === 0 ? <p className="text-muted text-xs">{effect.sample.hint}</p> : <Effect effect={effect} />}
    </section>
  );
}

type EffectOf = Awaited<ReturnType<typeof ask<'previewFlag'>>>['environments'][string];

function Effect({ effect }: { effect: EffectOf }) {
  const { changed, contexts, share, transitions, examples, dependents } = effect;
  const others = Object.entries(dependents);
  if (changed === 0 && others.length === 0)
    return <Notice>None of the {contexts.toLocaleString('en')} recent contexts would get another value.</Notice>;
  return (
    <div className="space-y-2">
      <p>
        <strong className="font-semibold">
          {changed.toLocaleString('en')} of {contexts.toLocaleString('en')} recent contexts
        </strong>{' '}
        would get another value: {percentWords(share.estimate * 100)}{' '}
        <span className="text-muted text-xs">
          ({percentWords(share.low * 100)} to {percentWords(share.high * 100)} of all like these, 95 %)
        </span>
      </p>
      <ul className="space-y-0.5">
        {transitions.slice(0, TRANSITIONS_SHOWN).map(({ from, to, count }) => (
          <li key={`${nameOf(from)} ${nameOf(to)}`} className="tabular-nums">
            <code className="break-words font-mono text-xs">
              {nameOf(from)} → {nameOf(to)}
            </code>{' '}
            <span className="text-muted">{count.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
      {examples.length === 0 ? null : (
        <p className="break-words text-muted text-xs">
          Among them:{' '}
          {examples
            .slice(0, EXAMPLES_SHOWN)
            .map(({ context }) => whoOf(context))
            .join(', ')}
        </p>
      )}
      {others.map(([key, { changed: count }]) => (
        <p key={key} className="text-xs">
          <code className="font-mono">{key}</code>, which requires it, changes for {count.toLocaleString('en')}.
        </p>
      ))}
    </div>
  );
}

function nameOf({ variant, value }: EffectOf['transitions'][number]['from']): string {
  return variant ?? JSON.stringify(value);
}

function whoOf(context: EffectOf['examples'][number]['context']): string {
  return typeof context.targetingKey === 'string' ? context.targetingKey : JSON.stringify(context);
}
