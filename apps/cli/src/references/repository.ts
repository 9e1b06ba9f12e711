import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Repository {
  /** Such as `github.com/acme/shop`: neither protocol nor account, so that every clone has the same name. */
  readonly name?: string;
  /** The commit that is checked out. */
  readonly revision?: string;
  /** Where the folder lies below the repository's root: `apps/shop/`, empty at the root. */
  readonly below: string;
}

/** What git knows of the folder; what it does not know, without git, repository, remote or commit, is left out. */
export async function repositoryOf(folder: string): Promise<Repository> {
  const [remote, revision, below = ''] = await Promise.all([
    git(folder, 'remote', 'get-url', 'origin'),
    git(folder, 'rev-parse', 'HEAD'),
    git(folder, 'rev-parse', '--show-prefix'),
  ]);
  const name = remote === undefined ? undefined : nameOf(remote);
  return { ...(name === undefined ? {} : { name }), ...(revision === undefined ? {} : { revision }), below };
}

/** The name in a remote's address: `git@host:path.git`, `ssh://git@host:22/path` and `https://account@host/path` alike. */
export function nameOf(remote: string): string | undefined {
  const short = /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+)$/.exec(remote);
  const [host, path] = short ? [short[1], short[2]] : partsOf(remote);
  if (host === undefined || host === '' || path === undefined) return undefined;
  const plain = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return plain === '' ? undefined : `${host}/${plain}`;
}

function partsOf(remote: string): [string | undefined, string | undefined] {
  if (!URL.canParse(remote)) return [undefined, undefined];
  const { hostname, pathname } = new URL(remote);
  return [hostname, pathname];
}

async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...args]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
