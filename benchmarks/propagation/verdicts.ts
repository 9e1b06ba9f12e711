import type { StreamsReport } from './streams.ts';

/** For so many streams or more of one process on loopback, readers on the same processors. */
const AIMS = [
  { streams: 10_000, seenP99Ms: 250 },
  { streams: 1_000, seenP99Ms: 50 },
] as const;
const MAX_KB_PER_STREAM = 25;
const MAX_SETTLED_MS = 10_000;
/** Below, what the process takes for itself outweighs its streams. */
const STREAMS_TO_WEIGH = 5_000;

/** The aims that a report misses, one sentence each. */
export function missedBy({ streams, spillway, storm }: StreamsReport): readonly string[] {
  const missed: string[] = [];
  const say = (what: string, value: number, aim: number, unit: string) => {
    if (!(value <= aim)) missed.push(`${streams} streams: ${what} ${value} ${unit}, aim ${aim} ${unit}`);
  };
  const latency = AIMS.find((aim) => streams >= aim.streams) ?? AIMS[1];
  say('p99', spillway.seen_ms.p99, latency.seenP99Ms, 'ms');
  if (streams >= STREAMS_TO_WEIGH) say('memory', spillway.resident_kb_per_stream, MAX_KB_PER_STREAM, 'kB each');
  say('settled after a restart in', storm.settled_ms, MAX_SETTLED_MS, 'ms');
  say('lost in a restart:', storm.lost, 0, 'streams');
  return missed;
}
