import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** The evaluator as one file of plain JavaScript, as published: peers are not translated from TypeScript while measured either. */
export function bundleEvaluator(directory: string): string {
  const file = join(directory, 'evaluator.mjs');
  const entry = join(ROOT, 'packages', 'evaluator', 'src', 'index.ts');
  const options = [entry, '--bundle', '--format=esm', '--platform=neutral', '--target=es2024', `--outfile=${file}`];
  execFileSync(join(ROOT, 'node_modules', '.bin', 'esbuild'), [...options, '--log-level=error'], { stdio: 'inherit' });
  return file;
}
