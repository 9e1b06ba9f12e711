import { type Problems, pointer } from '../problems.ts';
import type { FlagEnvironmentInput } from './input.ts';

type Part = readonly [written: string, sent: string];

/** What the parts of a written-out state are called in the strategy they come from; the first that fits counts. */
const REST: readonly Part[] = [
  ['/fallthrough/split', '/split'],
  ['/fallthrough/stages/steps', '/stages'],
  ['/fallthrough/ramp', ''],
  ['/fallthrough', ''],
];
const LISTED: readonly Part[] = [['/targets/0/keys', '/users']];

/** Reports what is wrong with the parts that a strategy was written out to at the strategy, which is what was sent. */
export function reportAsSent(input: FlagEnvironmentInput, base: string, problems: Problems): Problems {
  const { strategy, fallthrough, targets } = input;
  if (strategy === undefined) return problems;
  const parts = [
    ...(fallthrough === undefined ? REST : []),
    ...(strategy.type === 'user_list' && targets === undefined ? LISTED : []),
  ];
  function fieldAsSent(field: string): string {
    const inside = field.slice(base.length);
    const part = parts.find(([written]) => inside === written || inside.startsWith(`${written}/`));
    if (part === undefined) return field;
    const [written, sent] = part;
    return `${pointer(base, 'strategy')}${sent}${inside.slice(written.length)}`;
  }
  return {
    found: problems.found,
    report: (field, message) => problems.report(fieldAsSent(field), message),
  };
}
