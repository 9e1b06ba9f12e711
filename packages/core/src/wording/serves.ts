import type { FlagServe } from '../flags/flag.ts';
import { describeValue } from './conditions.ts';
import { utcTime } from './instants.ts';

export function describeServe(serve: FlagServe): string {
  if ('variant' in serve) return serve.variant;
  if ('split' in serve) {
    return serve.split.map((part) => `${formatPercentage(part.percentage)} ${part.variant}`).join(' · ');
  }
  if ('value' in serve) return `the value ${describeValue(serve.value)}`;
  if ('stages' in serve) {
    const { variant, otherwise, steps } = serve.stages;
    const stages = steps.map((step) => {
      const shares = 'split' in step ? describeServe({ split: step.split }) : formatPercentage(step.percentage);
      return `${shares} from ${timeText(step.from)}`;
    });
    return `${otherwise}, then ${variant ?? 'shares'} in stages: ${stages.join(', ')}`;
  }
  const { variant, from_percentage: low, to_percentage: high, from, to } = serve.ramp;
  return `${variant} from ${formatPercentage(low)} at ${timeText(from)} to ${formatPercentage(high)} at ${timeText(to)}`;
}

function timeText(instant: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : utcTime(at);
}

/** At most three decimals, as the finest step is 0.001 %. */
export function formatPercentage(percentage: number): string {
  return `${Number(percentage.toFixed(3))} %`;
}
