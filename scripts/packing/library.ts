import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A workspace that applications install. */
export interface Library {
  readonly folder: string;
  readonly manifest: Manifest;
  /** What can be imported, as in `exports`, with the source that it is made of. */
  readonly entries: Readonly<Record<string, string>>;
  /** Its page, which is also what npm shows. */
  readonly page: string;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: 'module';
  readonly sideEffects?: false;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Each with its page in the documentation. The rest of the workspace becomes part of those that use it. */
const PAGES = {
  'sdks/node': 'docs/sdks/node.md',
  'sdks/web': 'docs/sdks/web.md',
  'sdks/react': 'docs/sdks/react.md',
  'sdks/openfeature-server': 'docs/sdks/openfeature.md',
  'sdks/openfeature-web': 'docs/sdks/openfeature-web.md',
  'sdks/vercel-flags': 'docs/sdks/vercel-flags.md',
} as const;

/** Entries for the rest of the workspace alone. */
const WITHIN: ReadonlySet<string> = new Set(['./platform']);

export function librariesIn(root: string): Library[] {
  return Object.entries(PAGES).map(([folder, page]) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
    const entries = Object.entries(manifest.exports).filter(([name]) => !WITHIN.has(name));
    return { folder, manifest, entries: Object.fromEntries(entries), page };
  });
}

/** Packages that an application installs beside this one; all else is put into it. */
export function installedBeside({ manifest }: Library, libraries: readonly Library[]): string[] {
  const published = new Set(libraries.map((library) => library.manifest.name));
  const dependencies = Object.keys(manifest.dependencies ?? {}).filter((name) => published.has(name));
  return [...dependencies, ...Object.keys(manifest.peerDependencies ?? {})];
}
