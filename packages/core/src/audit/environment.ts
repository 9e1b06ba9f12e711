import type { Json } from '@spillway/evaluator';
import { canonicalise } from '@spillway/evaluator/canonical';
import type { LogEntry } from './entry.ts';

/**
 * Whether a change was one of, or also one of, an environment: what belongs to it, what covers it, and what holds in all
 * environments. Left out are changes of other environments alone, and of what belongs to none, such as sessions.
 */
export function concernsEnvironment(entry: Pick<LogEntry, 'noun' | 'key' | 'before' | 'after'>, key: string): boolean {
  const sides = [entry.before, entry.after].map(membersOf);
  switch (entry.noun) {
    case 'environments':
      return entry.key === key;
    case 'flags':
      return canonicalise(seenFrom(key, entry.before)) !== canonicalise(seenFrom(key, entry.after));
    case 'segments':
      return true;
    case 'switches':
      return sides.some(({ environments }) => Array.isArray(environments) && covers(environments, key));
    case 'rollouts':
      return sides.some(({ plan }) => membersOf(plan).environment === key);
    case 'services':
    case 'access':
      return sides.some(({ environment }) => environment === key);
    case 'references':
      return false;
  }
}

/** Of a flag what an environment has of it: all but its state in the others. */
function seenFrom(key: string, flag: Json): Json {
  const { environments, ...everywhere } = membersOf(flag);
  return [flag === null, everywhere, membersOf(environments)[key] ?? null];
}

function covers(environments: readonly Json[], key: string): boolean {
  return environments.length === 0 || environments.includes(key);
}

function membersOf(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
}
