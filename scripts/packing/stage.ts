import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { noticesOf, packageFolderOf } from '../notices.ts';
import { PUBLISHED_LIBRARY } from '../published.ts';
import { writeDeclarations } from './declarations.ts';
import { installedBeside, type Library, librariesIn } from './library.ts';

/** An engine prints the whole line when something is thrown there. */
const LINE = 200;

/** Lays out in a folder what one library is published as: modules, types, licences, its page. */
export async function stage(root: string, library: Library, folder: string): Promise<void> {
  const { manifest, entries } = library;
  const beside = installedBeside(library, librariesIn(root));
  const sources = Object.values(entries).map((source) => join(library.folder, source));
  mkdirSync(folder, { recursive: true });

  const inside = await bundle(root, library, beside, folder);
  const types = writeDeclarations(root, sources, beside, join(folder, 'types'));
  const exports = Object.keys(entries).map((entry, index) => [
    entry,
    { types: `./types/${types[index]}`, default: `./dist/${moduleOf(entry)}.js` },
  ]);
  const { name, version, description, license, type, sideEffects, engines, peerDependencies } = manifest;
  const kept = { name, version, description, license, type, sideEffects, engines, peerDependencies };
  const dependencies = Object.entries(manifest.dependencies ?? {}).filter(([of]) => beside.includes(of));
  const published = {
    ...kept,
    exports: { ...Object.fromEntries(exports), './package.json': './package.json' },
    files: ['dist', 'types'],
    dependencies: Object.fromEntries(dependencies),
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), withoutLinksInside(readFileSync(join(root, library.page), 'utf8')));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  if (inside.length > 0) writeFileSync(join(folder, 'dist/THIRD-PARTY-LICENSES.txt'), noticesOf(inside));
}

/** @returns the folders of others' packages that have become part of it */
async function bundle(root: string, library: Library, beside: readonly string[], folder: string): Promise<string[]> {
  const { metafile } = await build({
    ...PUBLISHED_LIBRARY,
    target: 'es2022',
    // Pages wait for every byte. On a server it is who reads a stack that counts.
    ...(library.manifest.engines === undefined ? { lineLimit: LINE } : { minify: false }),
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(library.entries).map(([entry, source]) => [moduleOf(entry), join(root, library.folder, source)]),
    ),
    outdir: join(folder, 'dist'),
    external: ['node:*', ...beside, ...beside.map((name) => `${name}/*`)],
    // Entries share what they have in common: who loads two of them loads it once.
    splitting: true,
    metafile: true,
  });
  return Object.keys(metafile.inputs).flatMap((path) => packageFolderOf(resolve(root, path)) ?? []);
}

function moduleOf(entry: string): string {
  return entry === '.' ? 'index' : entry.slice(2);
}

/** Outside the repository there is nothing that these would lead to. */
function withoutLinksInside(page: string): string {
  return page.replaceAll(/\[([^\]]+)\]\((?![a-z]+:)[^)]+\)/g, '$1');
}
