import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run lock`: makes package-lock.json anew for every platform. npm leaves out optional packages that are not installed
 * here, or that the registry in use does not carry, and then refuses a clean install; so the lock is made without an
 * installed tree, and what is still missing is filled in from the versions its owner asks for.
 */
interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [more: string]: unknown;
}

const ROOT = join(import.meta.dirname, '..');
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

function freshLock(): string {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-lock-'));
  try {
    const manifests = execFileSync('git', ['ls-files', 'package.json', '*/package.json', '.npmrc'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    for (const path of manifests.trim().split('\n'))
      cpSync(join(ROOT, path), join(directory, path), { recursive: true });
    const options = ['install', '--package-lock-only', '--ignore-scripts'];
    execFileSync('npm', options, { cwd: directory, stdio: 'inherit' });
    return readFileSync(join(directory, 'package-lock.json'), 'utf8');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Adds the optional packages that are named and not there, with the platform that their name says. */
export function complete(packages: Readonly<Record<string, LockedPackage>>): Record<string, LockedPackage> {
  const added: Record<string, LockedPackage> = {};
  for (const owner of Object.values(packages)) {
    for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      if (place in packages || !/^\d/.test(version)) continue;
      added[place] = { version, ...platformOf(name), ...(owner.dev === true ? { dev: true } : {}), optional: true };
    }
  }
  const all = { ...packages, ...added };
  return Object.fromEntries(
    Object.keys(all)
      .toSorted()
      .map((place) => [place, all[place] ?? {}]),
  );
}

function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const words = name.split('/').at(-1)?.split(/[-.]/) ?? [];
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = words.includes('musl') ? ['musl'] : [];
  return {
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(os.length > 0 ? { os } : {}),
    ...(libc.length > 0 ? { libc } : {}),
  };
}

if (import.meta.main) {
  const lock = JSON.parse(freshLock());
  lock.packages = complete(lock.packages);
  writeFileSync(join(ROOT, 'package-lock.json'), `${JSON.stringify(lock, undefined, 2)}\n`);
}
