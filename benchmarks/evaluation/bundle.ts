import { join } from 'node:path';
import { bundleLibrary } from '../../scripts/published.ts';

const ENTRY = join(import.meta.dirname, '..', '..', 'packages', 'evaluator', 'src', 'index.ts');

/** The evaluator as one file of plain JavaScript, as published: peers are not translated from TypeScript while measured either. */
export async function bundleEvaluator(directory: string): Promise<string> {
  const outfile = join(directory, 'evaluator.mjs');
  await bundleLibrary(ENTRY, outfile);
  return outfile;
}
