import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Assets, createAssets } from '@spillway/http';
import { BadConfig } from './config.ts';

/** Where the built dashboard is: told, beside the built server, or in the dashboard's own folder of a checkout. */
function candidates(told: string | undefined): readonly string[] {
  if (told !== undefined) return [told];
  return ['./dashboard/', '../../dashboard/dist/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
}

/** All of it, in memory; undefined when it has not been built. Throws when a directory was named and is not there. */
export function loadDashboard(told: string | undefined): Assets | undefined {
  for (const directory of candidates(told)) {
    if (told === undefined && statSync(join(directory, 'index.html'), { throwIfNoEntry: false }) === undefined)
      continue;
    if (told !== undefined && statSync(told, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new BadConfig(`SPILLWAY_DASHBOARD_DIR must be a directory with the built dashboard; ${told} is not`);
    }
    return createAssets(filesIn(directory));
  }
  return undefined;
}

function* filesIn(directory: string): Generator<readonly [string, Buffer]> {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // Build records and anything hidden are not for readers.
    if (
      !entry.isFile() ||
      relative(directory, path)
        .split(sep)
        .some((part) => part.startsWith('.'))
    )
      continue;
    yield [`/${relative(directory, path).replaceAll(sep, '/')}`, readFileSync(path)];
  }
}
