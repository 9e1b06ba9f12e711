import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { allPids, type Identity, identify, isAlive, readStat } from './identity.ts';

/** How often an adopted process, whose end nobody reports, is looked for. */
const ADOPTED_POLL_MS = 200;

/** A process that belongs to this supervisor, with everything it started: one session, one process group. */
export interface OwnProcess {
  readonly identity: Identity;
  /** The system's words for how it ended; resolves once. */
  readonly exited: Promise<string>;
  hasExited(): boolean;
  /** Asks the process alone: what it started is its own to end. */
  terminate(): void;
  /** Tells what is left of the group after its leader has ended. */
  terminateGroup(): void;
  killGroup(): void;
  groupIsEmpty(): boolean;
  /** Stops watching; the process goes on. */
  forget(): void;
}

export type SpawnOutcome =
  | { readonly is: 'spawned'; readonly process: OwnProcess }
  | { readonly is: 'failed'; readonly problem: string };

export interface Launch {
  readonly command: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Both outputs are appended here. A file and not a pipe: the app must outlive the supervisor. */
  readonly logPath: string;
}

/** Starts without a shell, as leader of its own session. */
export async function spawnOwn(launch: Launch): Promise<SpawnOutcome> {
  const [program = '', ...args] = launch.command;
  if (!isDirectory(launch.directory)) {
    return { is: 'failed', problem: `The directory ${launch.directory} does not exist.` };
  }
  const log = openSync(launch.logPath, 'a', 0o600);
  try {
    const child = spawn(program, args, {
      cwd: launch.directory,
      env: launch.env,
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    const exit = exitOf(child);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    // A child that has ended already has no identity any more; it is known to be ours all the same.
    const pid = child.pid ?? 0;
    return { is: 'spawned', process: ownProcess(identify(pid) ?? { pid, born: 'ended' }, exit, () => child.unref()) };
  } catch (error) {
    return { is: 'failed', problem: spawnProblem(program, launch.env.PATH, error) };
  } finally {
    closeSync(log);
  }
}

/** Takes up a process that an earlier supervisor started. The caller has proof that it is the one. */
export function adopt(identity: Identity): OwnProcess {
  let timer: NodeJS.Timeout | undefined;
  const exited = new Promise<string>((resolve) => {
    timer = setInterval(() => {
      if (isAlive(identity)) return;
      clearInterval(timer);
      resolve('ended');
    }, ADOPTED_POLL_MS);
  });
  return ownProcess(identity, exited, () => clearInterval(timer));
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exited with code ${code ?? 'unknown'}` : `was ended by ${signal}`),
    );
  });
}

function ownProcess(identity: Identity, exited: Promise<string>, forget: () => void): OwnProcess {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  const { pid } = identity;
  // While one member lives, the system gives the group's number to nobody else; when none does, a living leader is another's.
  const signalGroup = (signal: NodeJS.Signals | 0): boolean => {
    if (pid <= 1) return false;
    const leader = identify(pid);
    if (leader !== undefined && leader.born !== identity.born) return false;
    return trySignal(-pid, signal);
  };
  return {
    identity,
    exited,
    hasExited: () => ended,
    terminate() {
      if (!ended && pid > 1 && isAlive(identity)) trySignal(pid, 'SIGTERM');
    },
    terminateGroup: () => void signalGroup('SIGTERM'),
    killGroup: () => void signalGroup('SIGKILL'),
    groupIsEmpty: () => !signalGroup(0) || onlyDeadLeft(pid),
    forget,
  };
}

function trySignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false; // no such process or group any more
  }
}

/** Where nobody collects them, ended processes stay in their group; they hold nothing and need no signal. */
function onlyDeadLeft(group: number): boolean {
  const pids = allPids();
  if (pids.length === 0) return false;
  return pids.every((pid) => {
    const stat = readStat(pid);
    return stat === undefined || stat.group !== group || stat.state === 'Z' || stat.state === 'X';
  });
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function spawnProblem(program: string, path: string | undefined, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === 'ENOENT') return `Command not found: ${program} (looked in PATH ${path ?? ''}).`;
  if (code === 'EACCES') return `Command may not be executed: ${program}.`;
  return `Command did not start: ${error instanceof Error ? error.message : String(error)}`;
}
