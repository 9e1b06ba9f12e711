import { useState } from 'react';
import type { Environment } from '../documents.ts';
import { Field, TextArea } from '../ui/field.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { useSettled } from '../ui/settled.ts';
import { PickRecent } from './pick-recent.tsx';
import { type Context, readContexts, withContext } from './read-contexts.ts';

const OPTIONS = [
  { id: 'recent', label: 'Recent contexts' },
  { id: 'given', label: 'Contexts of your own' },
] as const;

type From = (typeof OPTIONS)[number]['id'];

const QUIET_MS = 400;

/** Whom a change is tried on. */
export interface Tried {
  readonly from: From;
  readonly text: string;
  /** What to send with the question; undefined for those that the server keeps. */
  readonly contexts: readonly Context[] | undefined;
  /** Whether there is a question at all: none has been given yet, or what was given cannot be read. */
  readonly isReady: boolean;
  readonly problem: string | undefined;
  choose(from: From): void;
  write(text: string): void;
}

export function useTriedContexts(): Tried {
  const [from, choose] = useState<From>('recent');
  const [text, write] = useState('');
  const read = readContexts(useSettled(text, QUIET_MS));
  const given = read.ok ? read.value : [];
  return {
    from,
    text,
    choose,
    write,
    contexts: from === 'recent' ? undefined : given,
    isReady: from === 'recent' || given.length > 0,
    problem: read.ok ? undefined : read.problem,
  };
}

/** Recent contexts, or what is pasted and picked; nothing of it is kept. */
export function TriedContexts({ tried, environments }: { tried: Tried; environments: readonly Environment[] }) {
  return (
    <div className="space-y-2">
      <Segmented label="Whom to try it on" options={OPTIONS} value={tried.from} onChange={tried.choose} />
      {tried.from === 'recent' ? null : (
        <>
          <Field
            label="Contexts to try it on"
            hint="One JSON object a line, or a list of them; at most 1,000. They are not kept."
            error={tried.problem}
          >
            {(control) => (
              <TextArea
                {...control}
                rows={4}
                className="font-mono text-xs"
                placeholder={'{"targetingKey": "user-1", "country": "NZ"}'}
                value={tried.text}
                onChange={(event) => tried.write(event.target.value)}
              />
            )}
          </Field>
          {environments
            .filter(({ recent_contexts }) => recent_contexts !== 'off')
            .slice(0, 1)
            .map(({ key }) => (
              <PickRecent
                key={key}
                environment={key}
                words="Add one that was asked for lately in"
                onPick={(one) => tried.write(withContext(tried.text, one))}
              />
            ))}
        </>
      )}
    </div>
  );
}
