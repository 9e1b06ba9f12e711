import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';

/** A process that cannot be mistaken for a later one with the same number. */
export interface Identity {
  readonly pid: number;
  /** When it began, in the system's own words, with the boot it belongs to. */
  readonly born: string;
}

export interface ProcStat {
  readonly pid: number;
  readonly state: string;
  readonly group: number;
  readonly session: number;
  /** CPU time used so far, in clock ticks. */
  readonly ticks: number;
  readonly bornTicks: string;
}

/** The process with this number, unless there is none or it has ended and only waits to be collected. */
export function identify(pid: number): Identity | undefined {
  const born = platform() === 'linux' ? bornOnLinux(pid) : bornElsewhere(pid);
  return born === undefined ? undefined : { pid, born };
}

export function isAlive(identity: Identity): boolean {
  return identify(identity.pid)?.born === identity.born;
}

/** What `/proc/<pid>/stat` says; undefined when the process is gone or the system has no `/proc`. */
export function readStat(pid: number): ProcStat | undefined {
  let content: string;
  try {
    content = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command's name may hold spaces and brackets: fields count from after the last bracket.
  const fields = content.slice(content.lastIndexOf(')') + 2).split(' ');
  const at = (index: number) => fields[index] ?? '';
  return {
    pid,
    state: at(0),
    group: Number(at(2)),
    session: Number(at(3)),
    ticks: Number(at(11)) + Number(at(12)),
    bornTicks: at(19),
  };
}

/** Numbers of all processes; empty where there is no `/proc`. */
export function allPids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * The session leader that was started for this instance, found by its environment. It covers the moment between starting
 * a process and noting its number; only the user's own processes can be read, so nobody else's is ever taken.
 */
export function findByEnvironment(instance: string): Identity | undefined {
  const mark = `SPILLWAY_INSTANCE=${instance}`;
  for (const pid of allPids()) {
    const stat = readStat(pid);
    if (stat === undefined || stat.session !== pid || stat.group !== pid) continue;
    if (environmentOf(pid).includes(mark)) return identify(pid);
  }
  return undefined;
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function bornOnLinux(pid: number): string | undefined {
  const stat = readStat(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  return `${bootId()}:${stat.bornTicks}`;
}

let knownBootId: string | undefined;

function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return knownBootId;
}

function bornElsewhere(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
    }).trim();
    const [state = '', ...born] = line.split(/\s+/);
    return line === '' || state.startsWith('Z') ? undefined : born.join(' ');
  } catch {
    return undefined;
  }
}
