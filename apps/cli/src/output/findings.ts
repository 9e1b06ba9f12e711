import type { CallOutput } from '@spillway/contract';

type Because = CallOutput<'listChanges'>['items'][number]['because'];

const LABEL_WIDTH = 22;

/** The numbers a decision rests on, a criterion a line below it. */
export function findings(because: Because): string {
  const all = Array.isArray(because) ? because : [because];
  return all
    .flatMap((one) => (typeof one === 'object' && one !== null && Array.isArray(one.findings) ? one.findings : []))
    .map((finding) => `\n          ${findingLine(finding)}`)
    .join('');
}

function findingLine(finding: unknown): string {
  if (typeof finding !== 'object' || finding === null || !('criterion' in finding)) return '';
  const { criterion, observed, bound, verdict } = finding as Readonly<Record<string, unknown>>;
  const name = String(criterion);
  const label = name.replace(/_ms$/, '').replaceAll('_', ' ').padEnd(LABEL_WIDTH);
  return `${label} ${String(verdict).replace('_', ' ')}  ${quantity(name, observed)} (bound ${quantity(name, bound)})`;
}

/** Rates and usages are kept as fractions, times in milliseconds. */
function quantity(criterion: string, value: unknown): string {
  if (typeof value !== 'number') return '-';
  if (criterion.endsWith('_ms')) return `${Math.round(value)} ms`;
  if (/_(rate|usage)$/.test(criterion)) return `${Number((value * 100).toFixed(2))} %`;
  return String(Number(value.toPrecision(3)));
}
