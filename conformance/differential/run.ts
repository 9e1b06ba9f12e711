import { isDeepStrictEqual } from 'node:util';
import {
  type Configuration,
  changedFlags,
  compile,
  evaluate,
  evaluateAll,
  parseSnapshot,
  type Snapshot,
} from '@spillway/evaluator';
import { type Case, type Disagreement, disagreement } from './compare.ts';
import { createRandom } from './random.ts';
import { changeSnapshot, createUniverse, type Universe } from './universe.ts';

export interface Run {
  readonly cases: number;
  /** How many answers had each reason, error code or deciding layer: a run that never reached one proves nothing about it. */
  readonly reached: ReadonlyMap<string, number>;
  readonly failure?: Failure;
}

export interface Failure {
  readonly seed: number;
  readonly what: string;
  readonly case: Case;
  readonly disagreement?: Disagreement;
}

/** Asks until `cases` questions have been answered alike, or one was not. Each universe has its own seed. */
export function runDifferential(cases: number, firstSeed: number): Run {
  const reached = new Map<string, number>();
  let asked = 0;
  for (let seed = firstSeed; asked < cases; seed += 1) {
    const random = createRandom(seed);
    const { snapshot, contexts, moments } = createUniverse(random);
    // Three configurations in a row, each compiled on top of the one before.
    const snapshots = [snapshot, changeSnapshot(snapshot, random)];
    snapshots.push(changeSnapshot(snapshots[1] ?? snapshot, random));
    let before: Configuration | undefined;
    for (const current of snapshots.map(throughTheWire)) {
      const configuration = compile(current, before);
      const unchanged = unchangedSince(before, configuration);
      const apart = firstApart(current, configuration, contexts, moments);
      if (apart !== undefined) return { cases: asked, reached, failure: { seed, what: 'evaluateAll', case: apart } };
      const keys = [...Object.keys(current.flags), ...(asked % 50 === 0 ? ['nobody'] : [])];
      for (const flag of keys) {
        for (const context of contexts) {
          for (const now of moments) {
            const question = { snapshot: current, flag, context, now };
            asked += 1;
            const different = disagreement(question, configuration);
            if (different !== undefined) {
              return {
                cases: asked,
                reached,
                failure: { seed, what: 'answers', case: question, disagreement: different },
              };
            }
            if (unchanged.has(flag) && before !== undefined && !isSameAnswer(before, configuration, question)) {
              return { cases: asked, reached, failure: { seed, what: 'changedFlags', case: question } };
            }
            count(reached, configuration, question);
          }
        }
      }
      before = configuration;
    }
  }
  return { cases: asked, reached };
}

function throughTheWire(snapshot: Snapshot): Snapshot {
  const parsed = parseSnapshot(JSON.parse(JSON.stringify(snapshot)));
  if (!parsed.ok) throw new Error(`a generated snapshot is refused: ${parsed.problem}`);
  return parsed.snapshot;
}

function unchangedSince(before: Configuration | undefined, after: Configuration): ReadonlySet<string> {
  const changed = new Set(changedFlags(before, after));
  return new Set([...after.flags.keys()].filter((key) => !changed.has(key)));
}

/** The first question to which all flags together are answered otherwise than each by itself. */
function firstApart(
  snapshot: Snapshot,
  configuration: Configuration,
  contexts: Universe['contexts'],
  moments: readonly number[],
): Case | undefined {
  for (const context of contexts) {
    for (const now of moments) {
      const together: ReturnType<typeof evaluateAll> = Reflect.apply(evaluateAll, undefined, [
        configuration,
        context,
        now,
      ]);
      for (const [index, flag] of Object.keys(snapshot.flags).entries()) {
        const alone = ask(configuration, flag, context, now);
        const isSame =
          alone.errorCode === undefined ? together[index] === alone : isDeepStrictEqual(together[index], alone);
        if (!isSame) return { snapshot, flag, context, now };
      }
    }
  }
  return undefined;
}

function isSameAnswer(before: Configuration, after: Configuration, { flag, context, now }: Case): boolean {
  const [one, other] = [before, after].map((configuration) => ask(configuration, flag, context, now));
  return (
    JSON.stringify([one?.value, one?.variant, one?.reason]) ===
    JSON.stringify([other?.value, other?.variant, other?.reason])
  );
}

function ask(configuration: Configuration, flag: string, context: unknown, now: number): ReturnType<typeof evaluate> {
  return Reflect.apply(evaluate, undefined, [configuration, flag, context, now, null]);
}

function count(reached: Map<string, number>, configuration: Configuration, { flag, context, now }: Case): void {
  const { reason, errorCode, flagMetadata, variant } = ask(configuration, flag, context, now);
  const layer =
    flagMetadata.killSwitch !== undefined
      ? ' by a switch'
      : flagMetadata.prerequisite !== undefined
        ? ' by a prerequisite'
        : '';
  const name = `${errorCode ?? reason}${layer}${variant === undefined && errorCode === undefined ? ' of a value' : ''}`;
  reached.set(name, (reached.get(name) ?? 0) + 1);
}
