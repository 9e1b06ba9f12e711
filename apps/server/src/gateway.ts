import { parseArgs } from 'node:util';
import { DEFAULT_TIMEOUTS, type Gateway, type GatewayOptions, startGateway } from '@spillway/gateway';

/**
 * The gateway process. Prints one JSON line on standard output when it serves, and what an operator should know on
 * standard error. SIGTERM and SIGINT stop it gracefully; a second one at once.
 */

const HELP = `Usage: gateway [--host 127.0.0.1] [--port 8080] [--state-dir DIR] [--admin-socket FILE | --admin-port PORT] [--trust-forwarded]

Each can be given in the environment instead: SPILLWAY_GATEWAY_HOST, _PORT, _STATE_DIR, _ADMIN_SOCKET, _ADMIN_PORT,
_TRUST_FORWARDED=1; times in milliseconds: _HEAD_MS, _REQUEST_MS, _IDLE_MS, _CLIENT_STALL_MS, _CONNECT_MS, _ANSWER_MS,
_SILENCE_MS, _DRAIN_MS. The admin token comes from SPILLWAY_GATEWAY_ADMIN_TOKEN alone, because arguments can be seen by
everybody on the machine.`;

const TIME_MAX_MS = 86_400_000;

class BadSetting extends Error {}

function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): GatewayOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: 'string' },
      port: { type: 'string' },
      'state-dir': { type: 'string' },
      'admin-socket': { type: 'string' },
      'admin-port': { type: 'string' },
      'trust-forwarded': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  // An empty variable counts as absent, as `NAME= command` means it.
  const setting = (name: string) => env[`SPILLWAY_GATEWAY_${name}`] || undefined;
  const token = setting('ADMIN_TOKEN');
  const stateDirectory = values['state-dir'] ?? setting('STATE_DIR');
  if (!token) throw new BadSetting('SPILLWAY_GATEWAY_ADMIN_TOKEN is missing: set it to a random text.');
  if (!stateDirectory) throw new BadSetting('--state-dir is missing: name a directory where the routes are kept.');
  // To the system no address at all means every address there is.
  if (values.host === '') throw new BadSetting('--host must be an address; leave it out for 127.0.0.1.');
  const socket = values['admin-socket'] ?? setting('ADMIN_SOCKET');
  const adminPort = values['admin-port'] ?? setting('ADMIN_PORT');
  return {
    host: values.host ?? setting('HOST') ?? '127.0.0.1',
    port: whole('port', values.port ?? setting('PORT') ?? '8080', 65_535),
    admin: socket
      ? { is: 'unix', path: socket }
      : { is: 'loopback', port: whole('admin-port', adminPort ?? '0', 65_535) },
    adminToken: token,
    stateDirectory,
    trustForwarded: values['trust-forwarded'] ?? setting('TRUST_FORWARDED') === '1',
    timeouts: readTimeouts(setting),
    log: (line) => process.stderr.write(`${line}\n`),
  };
}

function readTimeouts(setting: (name: string) => string | undefined): typeof DEFAULT_TIMEOUTS {
  const entries = Object.entries(DEFAULT_TIMEOUTS).map(([key, usual]): [string, number] => {
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    return [key, whole(name, setting(name) ?? String(usual), TIME_MAX_MS)];
  });
  return { ...DEFAULT_TIMEOUTS, ...Object.fromEntries(entries) };
}

function whole(name: string, text: string, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > max)
    throw new BadSetting(
      `${name} must be a whole number from 0 to ${max}, not "${text}". See SPILLWAY_GATEWAY_${name.replaceAll('-', '_').toUpperCase()} and the arguments.`,
    );
  return number;
}

function stopOnSignal(gateway: Gateway): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    gateway.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const gateway = await startGateway(options);
  stopOnSignal(gateway);
  const { url, admin, epoch } = gateway;
  process.stdout.write(`${JSON.stringify({ ready: true, url, admin, epoch, pid: process.pid })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`The gateway did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
