import type { Answer, Definitions, Flag, User } from '../definitions.ts';
import type { Engine } from './engine.ts';

type Ask = (user: User) => Answer;

/**
 * The same flags as plain JavaScript, by someone who knows them: what an engine can hope to come near to. Flags are still
 * looked up by key, because applications name them; nothing is looked up that a reader of the code would know.
 */
export const floor: Engine<User> = {
  name: 'floor',
  payload: (definitions) => JSON.stringify(definitions),
  load: async () => ({
    open: async (payload) => {
      const flags = handWritten(JSON.parse(payload));
      return {
        context: (user) => user,
        asker: ({ key }) => ({ value: (user) => flags.get(key)?.(user) }),
        all: (user) => {
          const answers: Answer[] = [];
          for (const ask of flags.values()) answers.push(ask(user));
          return answers;
        },
      };
    },
  }),
};

/** Which of the shapes below each flag of `workloads.ts` has. */
function handWritten({ flags, segments }: Definitions): Map<string, Ask> {
  const listed = new Map(segments.map((segment) => [segment.key, new Set(segment.ids)]));
  return new Map(flags.map((flag) => [flag.key, shapeOf(flag, listed)]));
}

function shapeOf(flag: Flag, listed: ReadonlyMap<string, ReadonlySet<string>>): Ask {
  const [rule] = flag.rules;
  const [condition] = rule?.when ?? [];
  if (!flag.enabled) return () => false;
  if (flag.rules.length === 5) return fiveRules(flag.key);
  if (condition !== undefined && 'segment' in condition) return inSegment(listed.get(condition.segment) ?? new Set());
  if (condition !== undefined) return near;
  return 'split' in flag.otherwise ? rollout(flag.key, flag.otherwise.split[0]?.percentage ?? 0) : () => true;
}

function rollout(key: string, percentage: number): Ask {
  const seed = startOf(key);
  const end = percentage * 1_000;
  return (user) => bucketOf(seed, user.targetingKey) < end;
}

const FAR = new Set(['AU', 'JP', 'KR', 'NZ']);
const NEAR = new Set(['AT', 'BE', 'CH', 'DE', 'DK', 'FR', 'IT', 'LU', 'NL', 'NO', 'PL', 'SE']);

const near: Ask = (user) => NEAR.has(user.country);

function fiveRules(key: string): Ask {
  const seed = startOf(key);
  return (user) => {
    if (FAR.has(user.country)) return 'a';
    if (isNewer(user.app_version, 9, 10, 0)) return 'b';
    if (user.email.endsWith('@corp.example')) return 'c';
    if (user.age > 90) return 'a';
    if (
      (user.plan === 'enterprise' || user.plan === 'business') &&
      NEAR.has(user.country) &&
      isNewer(user.app_version, 3, 2, 1) &&
      user.logins > 100 &&
      user.email.endsWith('.org')
    ) {
      return 'b';
    }
    const bucket = bucketOf(seed, user.targetingKey);
    return bucket < 25_000 ? 'a' : bucket < 50_000 ? 'b' : 'c';
  };
}

function inSegment(ids: ReadonlySet<string>): Ask {
  return (user) =>
    ids.has(user.targetingKey) ||
    (user.plan === 'enterprise' && isNewer(user.app_version, 2, 0, 0)) ||
    user.email.endsWith('@club.org');
}

/** Reads digits where they stand: nobody who writes this for speed splits the text. */
function isNewer(version: string, major: number, minor: number, patch: number): boolean {
  const firstDot = version.indexOf('.');
  const one = digits(version, 0, firstDot);
  if (one !== major) return one > major;
  const secondDot = version.indexOf('.', firstDot + 1);
  const two = digits(version, firstDot + 1, secondDot);
  if (two !== minor) return two > minor;
  return digits(version, secondDot + 1, version.length) > patch;
}

function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + text.charCodeAt(at) - 48;
  return number;
}

/** FNV-1a over the flag's key, once; a user's hash goes on from there. */
function startOf(key: string): number {
  return fnv(0x811c9dc5, key);
}

function fnv(start: number, text: string): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** The end of MurmurHash3 makes FNV's high bits fit to divide by. */
function bucketOf(seed: number, key: string): number {
  let hash = fnv(seed, key);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % 100_000;
}
