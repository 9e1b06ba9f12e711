import assert from 'node:assert/strict';
import { eventually } from '../../apps/server/src/start-testing.ts';
import { ADMIN_TOKEN, type World } from '../../packages/http/src/testing/world.ts';

/** The number of the configuration that answered, as the only exposure of a flag says it once that is stored. */
export async function exposedConfiguration(world: World, flag: string): Promise<number> {
  const recorded = async () => {
    const answer = await world.call('GET', `/api/v1/events/recorded?flag=${flag}`, { token: ADMIN_TOKEN });
    return JSON.parse(answer.text).items as readonly { readonly configuration: number }[];
  };
  await eventually('the exposure is stored', async () => (await recorded()).length === 1);
  const [{ configuration } = assert.fail()] = await recorded();
  return configuration;
}
