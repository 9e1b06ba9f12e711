import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engines/engine.ts';
import { PEERS_FOLDER, peerVersion } from './engines/installed.ts';

/** An engine that takes no part, and why. */
export interface LeftOut {
  readonly engine: string;
  readonly reason: string;
}

/** Installs the peers where they are not, by their own lock file; says so, because it takes a while and needs a registry. */
export function installPeers(say: (line: string) => void): void {
  if (existsSync(join(PEERS_FOLDER, 'node_modules', '.package-lock.json'))) return;
  say('installing the engines to compare with, for this benchmark only, in benchmarks/peers (npm ci) ...');
  try {
    const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', options, { cwd: PEERS_FOLDER, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n').at(-2) : String(error);
    say(`they cannot be installed (${why}); only what is there is measured`);
  }
}

export function installed(engines: readonly Engine[]): { readonly here: Engine[]; readonly leftOut: LeftOut[] } {
  const missing = (engine: Engine) => engine.package !== undefined && peerVersion(engine.package) === undefined;
  return {
    here: engines.filter((engine) => !missing(engine)),
    leftOut: engines.filter(missing).map((engine) => ({
      engine: engine.name,
      reason: `${engine.package} is not installed: run npm ci in benchmarks/peers`,
    })),
  };
}
