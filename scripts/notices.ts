import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The licences of everything that is bundled, as they ask for: each package's own text, once. */
export function noticesOf(folders: Iterable<string>): string {
  const notices = [...new Set(folders)].map(noticeOf).sort();
  return `Spillway contains the following packages.\n\n${[...new Set(notices)].join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The package folder that a bundled file came from; undefined for our own files. */
export function packageFolderOf(path: string): string | undefined {
  const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  return folder;
}

/** A package and all it depends on, without our own: for what another bundler has put together. */
export function dependenciesOf(folder: string, found: Set<string> = new Set()): Set<string> {
  for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
    if (name.startsWith('@spillway/')) continue;
    const home = findPackage(name, folder);
    if (home === undefined || found.has(home)) continue;
    found.add(home);
    dependenciesOf(home, found);
  }
  return found;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function findPackage(name: string, from: string): string | undefined {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((home) => existsSync(join(home, 'package.json')));
}

function noticeOf(folder: string): string {
  const { name, version, license } = manifestOf(folder);
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text =
    file === undefined ? `Licence: ${license ?? 'see its homepage'}` : readFileSync(join(folder, file), 'utf8');
  return `${name} ${version}\n\n${text.trim()}\n`;
}
