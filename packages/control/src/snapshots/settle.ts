import { type Configuration, evaluate } from '@spillway/evaluator';
import type { Pace } from '../pacing/pace.ts';

/** The first question to a configuration looks at all of it: gets that over with, one configuration a turn. */
export async function settle(pace: Pace, configurations: readonly Configuration[], flag: string): Promise<void> {
  for (const configuration of configurations) {
    evaluate(configuration, flag, {}, 0, null);
    await pace();
  }
}
