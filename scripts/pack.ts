import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { librariesIn } from './packing/library.ts';
import { stage } from './packing/stage.ts';

/**
 * `npm run pack -- FOLDER [PACKAGE…]`: what applications install, as npm would publish it: the `spillway` command and the
 * libraries. The workspace runs from TypeScript sources, which Node does not read below `node_modules`; what is packed is built.
 */
const ROOT = join(import.meta.dirname, '..');
const COMMAND = 'spillway';

const libraries = librariesIn(ROOT);
const known = [COMMAND, ...libraries.map(({ manifest }) => manifest.name)];
const [folder, ...named] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-') || named.some((name) => !known.includes(name))) {
  console.error(
    `usage: npm run pack -- FOLDER [PACKAGE…]\nPackages: ${known.join(', ')}; all of them when none is named.`,
  );
  process.exit(2);
}
const wanted = named.length === 0 ? known : named;
const destination = resolve(process.env.INIT_CWD ?? '.', folder);
const staging = mkdtempSync(join(tmpdir(), 'spillway-pack-'));
try {
  mkdirSync(destination, { recursive: true });
  for (const library of libraries.filter(({ manifest }) => wanted.includes(manifest.name))) {
    const staged = join(staging, library.folder);
    await stage(ROOT, library, staged);
    pack(staged);
  }
  if (wanted.includes(COMMAND)) pack(ROOT, '--workspace', COMMAND);
} finally {
  rmSync(staging, { recursive: true, force: true });
}

function pack(cwd: string, ...options: string[]): void {
  const command = ['pack', '--loglevel', 'error', '--pack-destination', destination, ...options];
  execFileSync('npm', command, { cwd, stdio: 'inherit', env: outsideOfScripts() });
}

/** npm tells its scripts which workspace they are of, and would pack that one again. */
function outsideOfScripts(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_config_local_prefix|npm_package_)/i.test(name)),
  );
}
