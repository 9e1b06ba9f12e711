import { type Control, createControl } from '@spillway/control';
import { createHttpServer, type HttpServer, type Log } from '@spillway/http';
import { gatewayMetrics } from '@spillway/metrics';
import { gatewayRouter } from '@spillway/routers';
import { openStore, StoreError, watchWrites } from '@spillway/stores';
import { processTarget } from '@spillway/targets';
import type { Config } from './config.ts';
import { clock as ownClock, random, sha256, signatures } from './platform.ts';
import { followTimeOf } from './shared-time.ts';
import { loadDashboard } from './wire-dashboard.ts';

/** Until there are more, everything lives in this project. */
const PROJECT = 'default';

/**
 * An embedded store has one control plane, which its directory lock sees to: a successor is the same holder of leases and
 * need not wait for those of a killed one to run out.
 */
const EMBEDDED_HOLDER = 'embedded';

export interface ControlPlane {
  readonly control: Control;
  readonly http: HttpServer;
  close(): Promise<void>;
}

/** Which adapter stands behind which port, on one page. Nothing answers before `http.listen`. */
export async function wire(config: Config, log: Log): Promise<ControlPlane> {
  const opened = await openStore(config.storeUrl, { sha256 });
  const { store, ready } = watchWrites(opened, PROJECT);
  const time = 'wallTime' in opened ? await followTimeOf(opened, ownClock, log) : undefined;
  const gateway = { is: 'unix', path: config.gateway.socket } as const;
  const supervisor = { is: 'unix', path: config.supervisor.socket } as const;

  const holder = config.storeUrl.startsWith('sqlite:') ? EMBEDDED_HOLDER : config.leaseHolder;

  const control = createControl({
    project: PROJECT,
    store,
    clock: time?.clock ?? ownClock,
    random,
    sha256,
    signatures,
    log,
    target: processTarget({ address: supervisor, token: config.supervisor.token }),
    router: gatewayRouter(gateway, config.gateway.token),
    metrics: gatewayMetrics(gateway, config.gateway.token),
    ...(config.signingKey === undefined ? {} : { sign: config.signingKey.sign }),
    ...(holder === undefined ? {} : { holder }),
  });

  const assets = loadDashboard(config.dashboardDirectory);
  const http = createHttpServer({
    control,
    log,
    publicOrigin: config.publicOrigin,
    allowedOrigins: config.allowedOrigins,
    clientLimits: config.clientLimits,
    ready,
    isUnavailable: (error) => error instanceof StoreError,
    ...(assets === undefined ? {} : { assets }),
    ...(config.requestTimeoutMs === undefined ? {} : { requestTimeoutMs: config.requestTimeoutMs }),
  });

  await control.start();
  if (config.signingKey !== undefined) log.info({ public_key: config.signingKey.publicKey }, 'snapshots are signed');
  if (config.adminToken !== undefined) {
    const admin = await control.access.bootstrap(config.adminToken);
    if (!admin.ok) throw new Error(admin.refusal.message);
  }

  return {
    control,
    http,
    // Readers first, then the loops, then what both stand on.
    async close() {
      await http.close();
      await control.stop();
      await time?.stop();
      await store.close();
    },
  };
}
