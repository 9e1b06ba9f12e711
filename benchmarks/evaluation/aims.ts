import { isProblem } from './children.ts';
import { ENGINES } from './engines/registry.ts';
import type { Report } from './report.ts';
import { type Measured, ratio } from './rounds.ts';
import type { WorkloadName } from './workloads.ts';

/** What evaluation is to reach. Times faster than the fastest peer, and of the floor's time. */
export const AIMS = {
  ofFastestPeer: { W1: 5, W2: 8, W3: 12, W4: 40, W5: 25 },
  ofFloorMax: { W1: 1.3, W2: 1.3, W3: 1.3, W4: 1.3, W5: 1.3 },
  bytesMax: 16,
  detailsMax: 1.2,
  overNothingMax: 1.1,
  withEverythingMax: 1.1,
  answerMsMax: 10,
  importMsMax: 5,
  memoryBytesMax: 30e6,
  compileMsMax: 5,
  recompiledMax: 1,
  listBytesMax: 16e6,
  listLookupMax: 2,
} as const;

const ASKED_ONE = ['W1', 'W2', 'W3', 'W4'] as const;
const ASKED = [...ASKED_ONE, 'W5'] as const;
const PEERS = new Set(ENGINES.flatMap((engine) => (engine.package === undefined ? [] : [engine.name])));

export function isPeer(engine: string): boolean {
  return PEERS.has(engine);
}

/** Each aim that was measured and missed, in words. */
export function missedAims(report: Omit<Report, 'missed'>): string[] {
  return [...missedSpeed(report), ...missedOnce(report), ...missedOwn(report)];
}

export function measuredAs(
  report: Pick<Report, 'workloads'>,
  engine: string,
  workload: WorkloadName,
): Measured | undefined {
  return report.workloads.find((each) => each.engine === engine && each.workload === workload);
}

export function fastestPeer(report: Pick<Report, 'workloads'>, workload: WorkloadName): Measured | undefined {
  return report.workloads
    .filter((each) => each.workload === workload && isPeer(each.engine))
    .toSorted((one, other) => one.ns - other.ns)[0];
}

function missedSpeed(report: Omit<Report, 'missed'>): string[] {
  const missed: string[] = [];
  const above = (what: string, figure: number | undefined, aim: number) => {
    if (figure !== undefined && !(figure <= aim)) missed.push(`${what}: ${figure.toFixed(2)} (aim at most ${aim})`);
  };
  for (const workload of ASKED) {
    const own = measuredAs(report, 'spillway', workload);
    if (own === undefined) continue;
    const peer = fastestPeer(report, workload);
    const aim = AIMS.ofFastestPeer[workload];
    if (peer !== undefined && !(ratio(peer, own) >= aim)) {
      missed.push(`${workload}: ${ratio(peer, own).toFixed(1)} × faster than ${peer.engine} (aim at least ${aim})`);
    }
    const floor = measuredAs(report, 'floor', workload);
    above(`${workload} of the floor's time`, floor && ratio(own, floor), AIMS.ofFloorMax[workload]);
    above(`${workload} details of the value's time`, own.details_ratio, AIMS.detailsMax);
    const full = measuredAs(report, 'spillway+all', workload);
    above(`${workload} with everything in use of the plain time`, full && ratio(full, own), AIMS.withEverythingMax);
  }
  for (const workload of ASKED_ONE) {
    above(`${workload} bytes allocated`, measuredAs(report, 'spillway', workload)?.bytes, AIMS.bytesMax);
  }
  const through = measuredAs(report, 'spillway', 'W6')?.of_nothing;
  above('W6 of a provider that does nothing', through, AIMS.overNothingMax);
  return missed;
}

function missedOnce({ starts, memory }: Omit<Report, 'missed'>): string[] {
  const missed: string[] = [];
  const start = starts.find((each) => each.engine === 'spillway');
  if (start !== undefined && 'answer_ms' in start) {
    if (start.answer_ms >= AIMS.answerMsMax)
      missed.push(`${start.answer_ms.toFixed(1)} ms to the first answer of 500 flags (aim below ${AIMS.answerMsMax})`);
    if (start.import_ms >= AIMS.importMsMax)
      missed.push(`${start.import_ms.toFixed(1)} ms to import (aim below ${AIMS.importMsMax})`);
  }
  const own = memory.find((each) => each.engine === 'spillway');
  if (own !== undefined && 'heap_bytes' in own && own.heap_bytes >= AIMS.memoryBytesMax)
    missed.push(`${(own.heap_bytes / 1e6).toFixed(1)} MB for 10,000 flags (aim below ${AIMS.memoryBytesMax / 1e6})`);
  return missed;
}

function missedOwn({ own }: Omit<Report, 'missed'>): string[] {
  if (own === undefined) return [];
  if (isProblem(own)) return [`what is only ours could not be measured: ${own.problem}`];
  const missed: string[] = [];
  if (own.compile_ms >= AIMS.compileMsMax)
    missed.push(`${own.compile_ms.toFixed(1)} ms to compile 500 flags warm (aim below ${AIMS.compileMsMax})`);
  if (own.recompiled > AIMS.recompiledMax)
    missed.push(`${own.recompiled} flags recompiled for a change of one (aim ${AIMS.recompiledMax})`);
  const { list } = own;
  if ('problem' in list) return [...missed, `lists of 1,000,000 ids: ${list.problem}`];
  if (list.heap_bytes > AIMS.listBytesMax)
    missed.push(`${(list.heap_bytes / 1e6).toFixed(1)} MB for 1,000,000 ids (aim at most ${AIMS.listBytesMax / 1e6})`);
  const lookups = list.lookup_ns / list.lookup_ns_of_1000;
  if (lookups > AIMS.listLookupMax)
    missed.push(`${lookups.toFixed(2)} of the time to look up among 1,000 ids (aim at most ${AIMS.listLookupMax})`);
  return missed;
}
