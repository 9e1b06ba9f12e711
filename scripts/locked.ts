import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

type Manifest = { readonly name?: string; readonly workspaces?: readonly string[] } & {
  readonly [kind in (typeof KINDS)[number]]?: Readonly<Record<string, string>>;
};

/** What `npm ci` would refuse: workspaces that the lock file does not know, or whose dependencies it has otherwise. */
export function unlocked(root: string): string[] {
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const manifest: Manifest = read('package.json');
  const { packages }: { readonly packages: Readonly<Record<string, Manifest>> } = read('package-lock.json');
  const folders = (manifest.workspaces ?? []).flatMap((pattern) =>
    globSync(`${pattern}/package.json`, { cwd: root }).map((path) => path.slice(0, -'/package.json'.length)),
  );
  return folders.sort().filter((folder) => differs(read(`${folder}/package.json`), packages[folder]));
}

export function differs(manifest: Manifest, locked: Manifest | undefined): boolean {
  if (locked === undefined) return true;
  return KINDS.some((kind) => sorted(manifest[kind]) !== sorted(locked[kind]));
}

function sorted(dependencies: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify(Object.entries(dependencies).sort());
}
