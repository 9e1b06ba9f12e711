import { AIMS, fastestPeer, measuredAs } from './aims.ts';
import { isProblem, type Problem } from './children.ts';
import type { Memory, Start } from './once.ts';
import type { Own } from './own.ts';
import type { LeftOut } from './peers.ts';
import { type Measured, ratio } from './rounds.ts';
import { WORKLOADS, type WorkloadName } from './workloads.ts';

export interface Report {
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    readonly node: string;
    readonly commit: string;
    /** Processes that wanted a processor when the run began; above the number of processors, times are unreliable. */
    readonly load: number;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly workloads: readonly Measured[];
  readonly starts: readonly (Start | ({ readonly engine: string } & Problem))[];
  readonly memory: readonly (Memory | ({ readonly engine: string } & Problem))[];
  readonly own: Own | Problem | undefined;
  readonly left_out: readonly LeftOut[];
  readonly seconds: number;
  readonly missed: readonly string[];
}

export function print(report: Report): void {
  const { processors, model, node, commit, load } = report.machine;
  console.log(`${processors} × ${model}, Node ${node}, commit ${commit}, load ${load.toFixed(1)} at the start`);
  console.log(
    `engines: ${Object.entries(report.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  );
  for (const [name, meaning] of Object.entries(WORKLOADS)) {
    if (isWorkload(name)) printWorkload(report, name, meaning);
  }
  printOnce(report);
  if (report.own !== undefined) printOwn(report.own);
  for (const { engine, reason } of report.left_out) console.log(`left out: ${engine}: ${reason}`);
  console.log(`\n${report.seconds.toFixed(0)} s in all; ${report.missed.length} aims missed`);
  for (const missed of report.missed) console.log(`  missed: ${missed}`);
}

export function isWorkload(name: string): name is WorkloadName {
  return name in WORKLOADS;
}

function printWorkload(report: Report, workload: WorkloadName, meaning: string): void {
  const rows = report.workloads.filter((each) => each.workload === workload);
  if (rows.length === 0) return;
  const own = measuredAs(report, 'spillway', workload);
  const base = workload === 'W6' ? undefined : measuredAs(report, 'floor', workload);
  const peer = fastestPeer(report, workload);
  console.log(`\n${workload}  ${meaning}`);
  console.log(
    `  engine           ns/op   (least–most)          / spillway    / ${workload === 'W6' ? 'nothing' : 'floor  '}   bytes   with details`,
  );
  for (const row of rows) {
    const spread = `(${short(row.spread[0])}–${short(row.spread[1])})`;
    const details = row.details_ratio === undefined ? '–' : `× ${row.details_ratio.toFixed(2)}`;
    const ofOwn = own === undefined ? '–' : ratio(row, own).toFixed(2);
    const ofBase = (base === undefined ? row.of_nothing : ratio(row, base))?.toFixed(2) ?? '–';
    console.log(
      `  ${row.engine.padEnd(12)} ${short(row.ns).padStart(9)}   ${spread.padEnd(19)} ${ofOwn.padStart(11)} ${ofBase.padStart(12)} ${short(row.bytes).padStart(9)}   ${details}`,
    );
  }
  if (own !== undefined && peer !== undefined && workload !== 'W6') {
    const aim = AIMS.ofFastestPeer[workload];
    console.log(`  ${ratio(peer, own).toFixed(1)} × faster than the fastest peer, ${peer.engine} (aim ≥ ${aim})`);
  }
}

function printOnce({ starts, memory }: Report): void {
  if (starts.length === 0 && memory.length === 0) return;
  console.log('\n  engine       import ms   500 flags to first answer ms   10,000 flags: heap MB   outside   resident');
  for (const start of starts) {
    const used = memory.find((each) => each.engine === start.engine);
    const parts =
      'problem' in start
        ? [start.problem]
        : [start.import_ms.toFixed(1).padStart(9), start.answer_ms.toFixed(1).padStart(30)];
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    if (used !== undefined && 'heap_bytes' in used) {
      parts.push(megabytes(used.heap_bytes).padStart(23), megabytes(used.outside_bytes).padStart(9));
      parts.push(megabytes(used.resident_bytes).padStart(10));
    } else if (used !== undefined && isProblem(used)) parts.push(`  ${used.problem}`);
    console.log(`  ${start.engine.padEnd(12)} ${parts.join(' ')}`);
  }
}

function printOwn(own: Own | Problem): void {
  if (isProblem(own)) {
    console.log(`\nonly ours: ${own.problem}`);
    return;
  }
  console.log(`\ncompile of 500 flags, warm: ${own.compile_ms.toFixed(2)} ms (aim < ${AIMS.compileMsMax})`);
  console.log(`change of one flag: ${own.one_change_ms.toFixed(2)} ms, ${own.recompiled} recompiled`);
  const { list } = own;
  if ('problem' in list) console.log(`lists of 1,000,000 ids: ${list.problem}`);
  else
    console.log(
      `list of 1,000,000 ids: ${(list.heap_bytes / 1e6).toFixed(1)} MB (aim ≤ ${AIMS.listBytesMax / 1e6}), ${short(list.lookup_ns)} ns to ask; ${short(list.lookup_ns_of_1000)} ns among 1,000`,
    );
}

function short(value: number): string {
  if (value >= 10_000) return `${Math.round(value / 100) / 10} k`;
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
