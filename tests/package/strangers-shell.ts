import { delimiter } from 'node:path';
import { withoutSpillway } from '../../apps/server/src/start-testing.ts';

/** What npm and the test runner tell their children. The registry, proxies and certificates stay as they are set. */
const OURS =
  /^(npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix)|node_(options|path|test_)|init_cwd)/i;

/** A shell in which nobody has heard of this workspace, with the machine's own Node. */
export const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(withoutSpillway(process.env)).filter(([name]) => !OURS.test(name))),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
  npm_config_update_notifier: 'false',
};
