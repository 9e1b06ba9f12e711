import { join } from 'node:path';
import { test } from 'node:test';
import { startDriver } from './driver.ts';
import { lacking, play, type Setting } from './play.ts';
import { readScenarios, type Scenario } from './scenario.ts';
import type { Place } from './topology.ts';

/** Registers a test for every scenario that the driver has the abilities for, or for those of them that are chosen. */
export async function testScenarios(
  file: string,
  place: Place,
  chosen: (scenario: Scenario, index: number) => boolean = () => true,
): Promise<void> {
  const setting: Setting = { command: [process.execPath, join(import.meta.dirname, 'drivers', file)], place };
  const driver = await startDriver(setting.command);
  await driver.end();
  const possible = readScenarios().filter((scenario) => lacking(scenario, driver.hello).length === 0);
  for (const scenario of possible.filter(chosen)) {
    test(`P3: ${driver.hello.name}, ${place.replace('_', ' ')}: ${scenario.name}`, () => play(scenario, setting));
  }
}
