import { type BuildOptions, build } from 'esbuild';

/**
 * How everything that people start is put into one file: what they wait for when a process begins is the engine reading its
 * text, so there is as little of it as can be. Names are not kept for the sake of it either: that is a call for every function.
 */
export const PUBLISHED = {
  bundle: true,
  format: 'esm',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** A library that finds out itself where it runs, for whoever bundles it no further. */
export const PUBLISHED_LIBRARY = {
  ...PUBLISHED,
  platform: 'neutral',
  target: 'es2024',
} as const satisfies BuildOptions;

export async function bundleLibrary(entry: string, outfile: string): Promise<void> {
  await build({ ...PUBLISHED_LIBRARY, entryPoints: [entry], outfile });
}
