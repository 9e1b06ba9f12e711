import { useQuery } from '@tanstack/react-query';
import { ask } from '../api.ts';
import type { Context } from './read-contexts.ts';

const OFFERED = 12;

/** Some of those whom an environment was asked for lately, to be chosen from; nothing where it keeps none. */
export function PickRecent({
  environment,
  words,
  onPick,
}: {
  environment: string;
  /** What choosing one does, before the environment's name. */
  words: string;
  onPick: (context: Context) => void;
}) {
  const recent = useQuery({
    queryKey: ['contexts', environment],
    queryFn: ({ signal }) => ask('listContexts', { params: { key: environment }, query: { limit: OFFERED }, signal }),
  }).data?.items;
  if (recent === undefined || recent.length === 0) return null;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-muted text-xs">
        {words} {environment}
      </legend>
      <div className="flex flex-wrap gap-1">
        {recent.map(({ context }) => (
          <button
            key={whoOf(context)}
            type="button"
            title={JSON.stringify(context)}
            className="touch max-w-48 truncate rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs hover:text-accent"
            onClick={() => onPick(context as Context)}
          >
            {whoOf(context)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

export function whoOf(context: { readonly targetingKey?: unknown }): string {
  return typeof context.targetingKey === 'string' ? context.targetingKey : JSON.stringify(context);
}
