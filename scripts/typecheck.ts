import { spawnSync } from 'node:child_process';

/** Pure rings are checked without Node's or the browser's types, so that they cannot lean on either. */
const PROJECTS = ['tsconfig.pure.json', 'tsconfig.json', 'apps/dashboard/tsconfig.json'];

const failed = PROJECTS.filter((project) => spawnSync('tsc', ['-p', project], { stdio: 'inherit' }).status !== 0);
if (failed.length > 0) {
  console.error(`types: ${failed.join(', ')} did not pass`);
  process.exit(1);
}
