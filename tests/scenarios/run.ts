import { startDriver } from './driver.ts';
import { lacking, play, type Setting } from './play.ts';
import { readScenarios } from './scenario.ts';
import type { Place } from './topology.ts';

const USAGE =
  'usage: node tests/scenarios/run.ts [--place direct|relay|behind_relay] [--only TEXT] -- PROGRAM [ARGUMENT…]';

const PLACES = ['direct', 'relay', 'behind_relay'] as const satisfies readonly Place[];

/** Plays the scenarios with a driver in any language: what comes after `--` starts it. */
async function main(args: readonly string[]): Promise<number> {
  const end = args.indexOf('--');
  const [program, ...programArgs] = end < 0 ? [] : args.slice(end + 1);
  if (program === undefined) {
    console.error(USAGE);
    return 2;
  }
  const options = args.slice(0, end);
  const after = (name: string) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);
  const only = after('--only') ?? '';
  const setting: Setting = {
    command: [program, ...programArgs],
    place: PLACES.find((place) => place === after('--place')) ?? 'direct',
  };
  const driver = await startDriver(setting.command);
  await driver.end();
  let failed = 0;
  for (const scenario of readScenarios().filter(({ name }) => name.includes(only))) {
    const started = performance.now();
    const missing = lacking(scenario, driver.hello);
    const outcome =
      missing.length > 0
        ? `left out: needs ${missing.join(', ')}`
        : await play(scenario, setting).then(
            () => 'passed',
            (error: unknown) => `FAILED: ${error instanceof Error ? error.message : String(error)}`,
          );
    if (outcome.startsWith('FAILED')) failed += 1;
    console.log(`${scenario.name}: ${outcome} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
