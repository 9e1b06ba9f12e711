import type { Comparison, Definitions, Flag, Rule, Segment, Serve } from './definitions.ts';
import { idAt } from './users.ts';

export const WORKLOADS = {
  W1: 'a boolean flag that is on',
  W2: 'a 50 % rollout',
  W3: 'five rules, then a split over three variants',
  W4: 'a segment of 1,000 ids or two rules',
  W5: 'all of 500 mixed flags',
  W6: 'W3 through the OpenFeature server client',
} as const;

export type WorkloadName = keyof typeof WORKLOADS;

/** Every tenth of the users measured with is listed. */
const LISTED = Array.from({ length: 1_000 }, (_, index) => idAt(index * 10));
const FAR_COUNTRIES = ['AU', 'JP', 'KR', 'NZ'];
const NEAR_COUNTRIES = ['AT', 'BE', 'CH', 'DE', 'DK', 'FR', 'IT', 'LU', 'NL', 'NO', 'PL', 'SE'];

const SPLIT: Serve = {
  split: [
    { variant: 'a', percentage: 25 },
    { variant: 'b', percentage: 25 },
    { variant: 'c', percentage: 50 },
  ],
};

const inOf = (attribute: 'country' | 'plan', values: readonly string[]): Comparison => ({
  attribute,
  operator: 'in',
  values,
});
const newer = (value: string): Comparison => ({ attribute: 'app_version', operator: 'semver_above', value });
const mailAt = (value: string): Comparison => ({ attribute: 'email', operator: 'ends_with', value });
const above = (attribute: 'age' | 'logins', value: number): Comparison => ({ attribute, operator: 'above', value });

const FIVE_RULES: readonly Rule[] = [
  { id: 'far', when: [inOf('country', FAR_COUNTRIES)], variant: 'a' },
  { id: 'preview', when: [newer('9.10.0')], variant: 'b' },
  { id: 'staff', when: [mailAt('@corp.example')], variant: 'c' },
  { id: 'elder', when: [above('age', 90)], variant: 'a' },
  {
    id: 'partners',
    when: [
      inOf('plan', ['enterprise', 'business']),
      inOf('country', NEAR_COUNTRIES),
      newer('3.2.1'),
      above('logins', 100),
      mailAt('.org'),
    ],
    variant: 'b',
  },
];

const boolean = { type: 'boolean', variants: ['true', 'false'], enabled: true, off: 'false', rules: [] } as const;
const text = { type: 'string', variants: ['a', 'b', 'c'], enabled: true, off: 'a' } as const;

export function onFlag(key: string): Flag {
  return { ...boolean, key, otherwise: { variant: 'true' } };
}

export function rolloutFlag(key: string, percentage: number): Flag {
  const split = [
    { variant: 'true', percentage },
    { variant: 'false', percentage: 100 - percentage },
  ];
  return { ...boolean, key, otherwise: { split } };
}

export function fiveRulesFlag(key: string): Flag {
  return { ...text, key, rules: FIVE_RULES, otherwise: SPLIT };
}

export function segmentFlag(key: string, segment: string): Flag {
  return {
    ...boolean,
    key,
    rules: [{ id: 'in', when: [{ segment }], variant: 'true' }],
    otherwise: { variant: 'false' },
  };
}

function countryFlag(key: string): Flag {
  const rules = [{ id: 'near', when: [inOf('country', NEAR_COUNTRIES)], variant: 'true' }];
  return { ...boolean, key, rules, otherwise: { variant: 'false' } };
}

function offFlag(key: string): Flag {
  return { ...boolean, key, enabled: false, otherwise: { variant: 'true' } };
}

export function segmentNumbered(number: number, ids: readonly string[]): Segment {
  const rules = [[inOf('plan', ['enterprise']), newer('2.0.0')], [mailAt('@club.org')]];
  return { key: `segment-${number}`, number, ids, rules };
}

/** Flags as a service that has used them for some years has them: of 20, 8 on, 4 rolling out, 3 by country, 2 off, 2 with five rules, 1 by segment. */
export function mixedFlags(count: number): Definitions {
  const flags = Array.from({ length: count }, (_, index): Flag => {
    const key = `flag-${index}`;
    const kind = index % 20;
    if (kind < 8) return onFlag(key);
    if (kind < 12) return rolloutFlag(key, 10 + ((index * 7) % 80));
    if (kind < 15) return countryFlag(key);
    if (kind < 17) return offFlag(key);
    return kind < 19 ? fiveRulesFlag(key) : segmentFlag(key, `segment-${1 + (index % 5)}`);
  });
  const segments = Array.from({ length: 5 }, (_, index) => segmentNumbered(index + 1, LISTED.slice(0, 100)));
  return { flags, segments };
}

/** What an engine is given for a workload; the first flag is the one that is asked, all of them in W5. */
export function definitionsFor(workload: WorkloadName): Definitions {
  switch (workload) {
    case 'W1':
      return { flags: [onFlag('checkout')], segments: [] };
    case 'W2':
      return { flags: [rolloutFlag('checkout', 50)], segments: [] };
    case 'W3':
    case 'W6':
      return { flags: [fiveRulesFlag('checkout')], segments: [] };
    case 'W4':
      return { flags: [segmentFlag('checkout', 'segment-1')], segments: [segmentNumbered(1, LISTED)] };
    case 'W5':
      return mixedFlags(500);
  }
}
