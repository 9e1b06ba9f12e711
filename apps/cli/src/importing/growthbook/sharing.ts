import { isSource, type Source } from '../source.ts';
import { experimentKey } from './bucketing.ts';
import { featureOf, parentsOf, rulesOf } from './steps.ts';

interface Experiment {
  readonly key: string;
  /** Whether others may be asked after a user was assigned to it. */
  readonly goesOn: boolean;
  /** All by which it is decided who is in which variation. */
  readonly decidedBy: string;
}

/**
 * Experiments of one key that a single question may ask one after the other, and that decide differently. Where
 * assignments are kept, GrowthBook lets what the first has assigned count for the next at once.
 */
export function sharedExperiments(flag: string, features: Source): readonly string[] {
  const found = experimentsOf(flag, features, new Set(), true);
  const keys = new Set(found.map(({ key }) => key));
  return [...keys].filter((key) => {
    const same = found.filter((each) => each.key === key);
    return same.some(({ goesOn }) => goesOn) && new Set(same.map(({ decidedBy }) => decidedBy)).size > 1;
  });
}

/** Its own, and those of all that its rules require. */
function experimentsOf(flag: string, features: Source, seen: Set<string>, isAsked: boolean): readonly Experiment[] {
  if (seen.has(flag)) return [];
  seen.add(flag);
  const feature = featureOf(flag, features);
  if (feature === undefined) return [];
  return rulesOf(feature).flatMap((rule) => [
    ...parentsOf(rule).flatMap(({ id }) => experimentsOf(id, features, seen, false)),
    ...experimentIn(rule, flag, isAsked),
  ]);
}

function experimentIn(rule: Source, flag: string, isAsked: boolean): readonly Experiment[] {
  const given = rule.contextualVariations ?? rule.variations;
  if ('force' in rule || !Array.isArray(given) || rule.disableStickyBucketing) return [];
  const entries = Array.isArray(rule.meta) ? rule.meta.filter(isSource) : [];
  return [
    {
      key: experimentKey(rule, flag),
      goesOn: !isAsked || entries.some(({ passthrough }) => Boolean(passthrough)),
      decidedBy: JSON.stringify([DECIDING.map((name) => rule[name]), given.length, entries.map(({ key }) => key)]),
    },
  ];
}

const DECIDING = [
  ...['condition', 'filters', 'namespace', 'hashAttribute', 'fallbackAttribute', 'hashVersion', 'seed', 'ranges'],
  ...['weights', 'coverage', 'contextualBanditRef', 'bucketVersion', 'minBucketVersion'],
];
