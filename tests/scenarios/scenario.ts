import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a client may be able to do; a scenario that needs more than a driver can is not asked of it. */
const ability = z.enum(['memory', 'status', 'cache', 'clock']);
export type Ability = z.output<typeof ability>;

const key = z.string().min(1);
const json = z.json();
const milliseconds = z.number().int().nonnegative();
const patience = {
  /** The longest until it holds; at once when left out. */
  within_ms: milliseconds.exactOptional(),
  /** From then on it holds, without a break, for as long as this. */
  for_ms: milliseconds.exactOptional(),
};

const eventFault = z.enum(['lost', 'duplicated', 'swapped', 'malformed', 'nonsense', 'binary', 'truncated', 'older']);
export type EventFault = z.output<typeof eventFault>;
const wholeFault = z.enum(['as_sent', 'malformed', 'nonsense', 'empty', 'older', 'absent', 'unavailable']);
export type WholeFault = z.output<typeof wholeFault>;
const linkState = z.enum(['up', 'down', 'mute', 'slow']);
export type LinkState = z.output<typeof linkState>;
const serverState = z.enum(['killed', 'started', 'paused', 'resumed']);
export type ServerState = z.output<typeof serverState>;

const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('start_client') }),
  z.strictObject({ do: z.literal('restart_client') }),
  z.strictObject({ do: z.literal('serve'), flag: key, variant: key }),
  z.strictObject({ do: z.literal('fire_switch'), flag: key }),
  z.strictObject({ do: z.literal('release_switch'), flag: key }),
  z.strictObject({ do: z.literal('revoke_key') }),
  z.strictObject({ do: z.literal('server'), is: serverState }),
  z.strictObject({ do: z.literal('link'), is: linkState }),
  z.strictObject({ do: z.literal('events'), are: eventFault, count: z.number().int().positive() }),
  z.strictObject({ do: z.literal('whole'), is: wholeFault }),
  z.strictObject({ do: z.literal('clock'), ahead_ms: z.number().int() }),
  z.strictObject({ do: z.literal('wait'), ms: milliseconds }),
  z.strictObject({ do: z.literal('expect_value'), flag: key, fallback: json, value: json, ...patience }),
  z.strictObject({ do: z.literal('expect_status'), is: z.array(key).min(1), ...patience }),
]);
export type Step = z.output<typeof step>;

const scenario = z.strictObject({
  format: z.literal('spillway.scenario/1'),
  name: z.string().min(1),
  why: z.string().min(1),
  needs: z.array(ability),
  /** How many times faster the client's own timers run, where its driver can do that. */
  hurry: z.number().int().positive().exactOptional(),
  context: z.record(z.string(), json),
  flags: z.record(key, z.strictObject({ values: z.record(key, json), serves: key })),
  /** So many boolean flags beside: `flag-0`, `flag-1`, …; off. */
  more_flags: z.number().int().positive().exactOptional(),
  steps: z.array(step).min(1),
});
/** `file` is its name without the ending. */
export type Scenario = z.output<typeof scenario> & { readonly file: string };

const FOLDER = join(import.meta.dirname, '../../conformance/scenarios');

/** All of `conformance/scenarios`, by the names of their files. Throws, naming file and field, for one that is none. */
export function readScenarios(): readonly Scenario[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const read = scenario.safeParse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
      if (read.success) return { ...read.data, file: file.slice(0, -'.json'.length) };
      throw new Error(`${file}: ${z.prettifyError(read.error)}`);
    });
}
