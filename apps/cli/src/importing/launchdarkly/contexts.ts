import type { EvaluationContext, Json } from '@spillway/evaluator';
import { isSource } from '../source.ts';

/** `{kind, key, …}`, or of the kind `multi` with one such object for each kind; a user of former SDKs has no kind. */
export function launchDarkly(context: EvaluationContext): EvaluationContext | string {
  const { kind } = context;
  if (kind === undefined || kind === null) return ofUser(context);
  if (kind !== 'multi') return individual(context, kind) ?? context;
  const kinds = Object.entries(context).filter(([name]) => name !== 'kind');
  if (kinds.length === 0) return 'is of the kind multi and has no kinds in it';
  for (const [name, inner] of kinds) {
    const problem = isSource(inner) ? individual(inner, name) : `has no object for the kind ${name}`;
    if (problem !== undefined) return problem;
  }
  return context;
}

const KIND = /^[-.\w]+$/;

function individual({ key }: Readonly<Record<string, unknown>>, kind: Json): string | undefined {
  if (typeof kind !== 'string' || !KIND.test(kind) || kind === 'kind') return 'has no kind that LaunchDarkly takes';
  return typeof key === 'string' && key !== '' ? undefined : `of the kind ${kind} has no key`;
}

/** What a user had beside own attributes. */
const BUILT_IN = ['name', 'ip', 'firstName', 'lastName', 'email', 'avatar', 'country'] as const;

/** A user as SDKs took it before there were kinds: own attributes stand in `custom`. */
function ofUser(user: EvaluationContext): EvaluationContext | string {
  const { key, custom, anonymous } = user;
  if (key === undefined || key === null) return 'is a LaunchDarkly user without a key';
  const own = isSource(custom) ? (custom as Readonly<Record<string, Json>>) : {};
  const builtIn = BUILT_IN.flatMap((name) => {
    const value = user[name];
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return {
    ...own,
    ...Object.fromEntries(builtIn),
    ...(anonymous === undefined ? {} : { anonymous: Boolean(anonymous) }),
    kind: 'user',
    key: String(key),
  };
}
