import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { dependenciesOf, noticesOf, packageFolderOf } from '../../scripts/notices.ts';
import { PUBLISHED } from '../../scripts/published.ts';

/**
 * The published package: everything in a few files without dependencies, but for the Node they run on. The four
 * processes stay files of their own beside one another, because the launcher starts its neighbours.
 */
const HERE = import.meta.dirname;
const SERVER = join(HERE, '../server/src');
const DASHBOARD = join(HERE, '../dashboard/dist');
const OUT = join(HERE, 'dist');
const PROCESSES = ['start', 'main', 'main-guard', 'gateway', 'supervisor'];

/** Servers are loaded when they are wanted, from where their neighbours are. */
const serversStayOutside: Plugin = {
  name: 'servers-stay-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^@spillway\/server$/ }, () => ({ path: './server/start.js', external: true }));
    onResolve({ filter: /^@spillway\/relay$/ }, () => ({ path: './server/relay.js', external: true }));
  },
};

const bundle = {
  ...PUBLISHED,
  platform: 'node',
  target: 'node26',
  // Some dependencies still call `require` for what Node itself brings.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  external: ['pg-native'],
  metafile: true,
} satisfies BuildOptions;

if (!existsSync(join(DASHBOARD, 'index.html'))) {
  throw new Error('The dashboard is not built. Run `npm run build -w @spillway/dashboard` first.');
}
rmSync(OUT, { recursive: true, force: true });
const cli = await build({
  ...bundle,
  entryPoints: { cli: join(HERE, 'src/main.ts') },
  outdir: OUT,
  plugins: [serversStayOutside],
});
const server = await build({
  ...bundle,
  entryPoints: {
    ...Object.fromEntries(PROCESSES.map((name) => [name, join(SERVER, `${name}.ts`)])),
    relay: join(HERE, '../relay/src/index.ts'),
  },
  outdir: join(OUT, 'server'),
  splitting: true,
  // Started once and read in logs ever after: a failure's stack says which functions it went through.
  keepNames: true,
});
cpSync(DASHBOARD, join(OUT, 'server/dashboard'), { recursive: true });
writeFileSync(
  join(OUT, 'THIRD-PARTY-LICENSES.txt'),
  noticesOf([...bundled(cli.metafile), ...bundled(server.metafile), ...dependenciesOf(join(HERE, '../dashboard'))]),
);

function bundled({ inputs }: Metafile): string[] {
  return Object.keys(inputs).flatMap((path) => packageFolderOf(resolve(path)) ?? []);
}
