import { configcat } from './configcat.ts';
import { devcycle } from './devcycle.ts';
import type { Engine } from './engine.ts';
import { eppo } from './eppo.ts';
import { flagd } from './flagd.ts';
import { flagsmith } from './flagsmith.ts';
import { floor } from './floor.ts';
import { growthbook } from './growthbook.ts';
import { launchdarkly } from './launchdarkly.ts';
import { posthog } from './posthog.ts';
import { spillway, spillwayFull } from './spillway.ts';
import { statsig } from './statsig.ts';
import { unleash } from './unleash.ts';

/** Every engine, in the order of the report. */
export const ENGINES: readonly Engine[] = [
  spillway,
  spillwayFull,
  floor,
  unleash,
  launchdarkly,
  growthbook,
  flagd,
  flagsmith,
  configcat,
  posthog,
  statsig,
  eppo,
  devcycle,
];

export function engineNamed(name: string): Engine {
  const found = ENGINES.find((engine) => engine.name === name);
  if (found === undefined)
    throw new Error(`no engine ${name}; there are ${ENGINES.map((each) => each.name).join(', ')}`);
  return found;
}
