import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Supervisor, type SupervisorOptions, startSupervisor } from '@spillway/targets';

/**
 * The process that owns the apps. Prints one JSON line on standard output when it is ready, and what an operator should
 * know on standard error. SIGTERM and SIGINT end the apps gracefully, then this process; the same signal again, at once.
 */

const HELP = `Usage: supervisor --state-dir DIR [--admin-socket FILE | --admin-port PORT] [--working-dir DIR] [--leave-running]

Each can be given in the environment instead: SPILLWAY_SUPERVISOR_STATE_DIR, _ADMIN_SOCKET, _ADMIN_PORT, _WORKING_DIR,
_LEAVE_RUNNING=1. With --leave-running, apps go on when this process is stopped, and the next one takes them up; without
it they end with it. SIGHUP leaves them running in any case. The admin token comes from SPILLWAY_SUPERVISOR_ADMIN_TOKEN
alone, because arguments can be seen by everybody on the machine.`;

const PORT_MAX = 65_535;

class BadSetting extends Error {}

interface Settings {
  readonly options: SupervisorOptions;
  readonly leaveRunning: boolean;
}

function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'state-dir': { type: 'string' },
      'admin-socket': { type: 'string' },
      'admin-port': { type: 'string' },
      'working-dir': { type: 'string' },
      'leave-running': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const setting = (name: string) => env[`SPILLWAY_SUPERVISOR_${name}`];
  const adminToken = setting('ADMIN_TOKEN');
  const stateDirectory = values['state-dir'] ?? setting('STATE_DIR');
  if (!adminToken) throw new BadSetting('SPILLWAY_SUPERVISOR_ADMIN_TOKEN is missing: set it to a random text.');
  if (!stateDirectory) throw new BadSetting('--state-dir is missing: name a directory where what runs is recorded.');
  const socket = values['admin-socket'] ?? setting('ADMIN_SOCKET');
  const workingDirectory = values['working-dir'] ?? setting('WORKING_DIR') ?? process.cwd();
  if (statSync(workingDirectory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new BadSetting(
      `--working-dir (SPILLWAY_SUPERVISOR_WORKING_DIR) must be a directory; ${workingDirectory} is not.`,
    );
  }
  const port = portIn(values['admin-port'] ?? setting('ADMIN_PORT') ?? '0');
  return {
    options: {
      stateDirectory,
      admin: socket ? { is: 'unix', path: socket } : { is: 'loopback', port },
      adminToken,
      workingDirectory,
      environment: env,
      log: (line) => process.stderr.write(`${line}\n`),
    },
    leaveRunning: values['leave-running'] ?? setting('LEAVE_RUNNING') === '1',
  };
}

function portIn(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > PORT_MAX) {
    throw new BadSetting(
      `admin-port (SPILLWAY_SUPERVISOR_ADMIN_PORT) must be a whole number from 0 to ${PORT_MAX}, not "${text}".`,
    );
  }
  return port;
}

/** A terminal's Ctrl-C and the parent's SIGTERM often come together: only the same signal twice means "now". */
function stopOnSignal(supervisor: Supervisor, asked: 'leave' | 'stop'): void {
  const seen = new Set<NodeJS.Signals>();
  const stop = (signal: NodeJS.Signals) => {
    if (seen.has(signal)) supervisor.hurry();
    const first = seen.size === 0;
    seen.add(signal);
    if (!first) return;
    supervisor.close(signal === 'SIGHUP' ? 'leave' : asked).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The supervisor did not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === 'help') {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const supervisor = await startSupervisor(settings.options);
  stopOnSignal(supervisor, settings.leaveRunning ? 'leave' : 'stop');
  const { admin, adopted } = supervisor;
  process.stdout.write(`${JSON.stringify({ ready: true, admin, adopted, pid: process.pid })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`The supervisor did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
