import { connect, createServer, Socket, type SocketConstructorOpts } from 'node:net';

/**
 * What Node itself adds between two connections, which no proxy in it can do without: bytes are passed on as they come, one
 * connection to the application for each client, without a look at them. Reads go into one buffer on both sides and writes
 * are text, as they are in the gateway. `PORT-OF-THE-APPLICATION`
 */

const BUFFER_BYTES = 65_536;

/** What `node:net` gives an accepted socket and takes for a new one (packages/gateway/src/clients/shared-read.ts). */
interface Handled {
  _handle?: object | null;
}

function passingTo(target: () => Socket, buffer: Buffer) {
  return {
    buffer,
    callback(length: number): boolean {
      target().write(buffer.toString('latin1', 0, length), 'latin1');
      return true;
    },
  };
}

const fromClients = Buffer.allocUnsafeSlow(BUFFER_BYTES);
const fromApplication = Buffer.allocUnsafeSlow(BUFFER_BYTES);

const server = createServer({ noDelay: true, allowHalfOpen: true }, (accepted: Socket & Handled) => {
  const handle = accepted._handle;
  accepted._handle = null;
  const options = { handle, onread: passingTo(() => application, fromClients) };
  const client = new Socket(options as SocketConstructorOpts);
  const onread = passingTo(() => client, fromApplication);
  const application = connect({ port: Number(process.argv[2]), host: '127.0.0.1', noDelay: true, onread });
  for (const [here, there] of [
    [client, application],
    [application, client],
  ] as const) {
    here.on('error', () => there.destroy());
    here.on('close', () => there.destroy());
  }
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' && address ? address.port : 0 })}\n`);
});
