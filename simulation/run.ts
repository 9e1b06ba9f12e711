import { parseArgs } from 'node:util';
import { randomRollout } from './scenarios/random-rollout.ts';

const HELP = `Runs rollouts in simulated worlds full of faults and checks the safety properties.
  --seeds N   how many worlds (default 1000)
  --from N    the first seed (default 1)
  --seed N    one world alone, told in full`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else
  process.exitCode =
    values.seed === undefined ? await many(Number(values.from), Number(values.seeds)) : await one(Number(values.seed));

async function one(seed: number): Promise<number> {
  try {
    const { rollout, ...story } = await randomRollout(seed);
    console.log(JSON.stringify({ seed, status: rollout.status, conclusion: rollout.conclusion, ...story }, null, 2));
    return 0;
  } catch (error) {
    console.error(`Seed ${seed} fails.`, error);
    return 1;
  }
}

async function many(from: number, count: number): Promise<number> {
  const ends: Record<string, number> = {};
  const failing: number[] = [];
  const began = performance.now();
  let crashes = 0;
  for (let seed = from; seed < from + count; seed++) {
    try {
      const story = await randomRollout(seed);
      ends[story.rollout.status] = (ends[story.rollout.status] ?? 0) + 1;
      crashes += story.crashes;
    } catch (error) {
      failing.push(seed);
      console.error(
        `Seed ${seed} fails (replay: node simulation/run.ts --seed ${seed}): ${String(error).slice(0, 600)}`,
      );
    }
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  console.log(JSON.stringify({ worlds: count, ends, crashes, failing, seconds }));
  return failing.length === 0 ? 0 : 1;
}
