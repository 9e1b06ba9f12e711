import type { CallInput, Client } from '@spillway/contract/client';
import { ENVIRONMENT } from './contexts.ts';

type NewFlag = CallInput<'createFlag'>['body'];
type State = NonNullable<NewFlag['environments']>[string];

export const FLAG = 'checkout';
export const SEGMENT = 'premium';
/** As many as a preview looks at beside the flag, and beside the segment, at most. */
const REQUIRING = 50;
const USING = 100;
/** Flags that have nothing to do with it. */
const OTHERS = 300;
const BY_HAND = { reason: 'benchmark' } as const;

/** One flag that others require, and one segment that all of these use, among others. */
export async function prepareFlags(admin: Client): Promise<void> {
  const segment = await admin.call('createSegment', { query: BY_HAND, body: premiumAbove(30) });
  if (!segment.ok) throw new Error(segment.problem.detail);
  await create(admin, { ...flag(FLAG, true), environments: { [ENVIRONMENT]: state(20) } });
  for (let index = 0; index < OTHERS; index += 1) {
    const requires = index < REQUIRING ? { prerequisites: [{ flag: FLAG, variants: ['on'] }] } : {};
    const environments = { [ENVIRONMENT]: { ...state(index % 100, index < USING - 1), ...requires } };
    await create(admin, { ...flag(`flag-${index}`), environments });
  }
}

/** The environment's state with a rollout to this share, which is what is tried. */
export function state(percentage: number, withSegment = true): State {
  const rules = Array.from({ length: 5 }, (_, index) => ({
    id: `rule-${index}`,
    when: {
      all: [
        { attribute: 'country', operator: 'in' as const, values: [`X${index}`, 'CH'] },
        { attribute: 'app_version', operator: 'semver_greater_than' as const, values: [`4.${index}.0`] },
        { attribute: 'organisation.size', operator: 'greater_than' as const, values: [400] },
      ],
    },
    serve: { variant: index % 2 === 0 ? 'on' : 'off' },
  }));
  const premium = { id: 'premium', when: { segment: SEGMENT }, serve: { variant: 'on' } };
  const split = [
    { variant: 'on', percentage },
    { variant: 'off', percentage: 100 - percentage },
  ];
  return { enabled: true, rules: withSegment ? [premium, ...rules] : rules, fallthrough: { split } };
}

export function premiumAbove(age: number): CallInput<'previewSegment'>['body']['segment'] {
  const when = {
    all: [
      { attribute: 'age', operator: 'greater_than' as const, values: [age] },
      { attribute: 'plan', operator: 'equals' as const, values: ['pro'] },
    ],
  };
  return { key: SEGMENT, when };
}

function flag(key: string, isRequired = false): NewFlag {
  return { key, type: 'boolean', description: isRequired ? 'Others require it.' : 'Made by the benchmark.' };
}

async function create(admin: Client, body: NewFlag): Promise<void> {
  const made = await admin.call('createFlag', { query: BY_HAND, body });
  if (!made.ok) throw new Error(`${made.problem.detail} ${JSON.stringify(made.problem.errors)}`);
}
