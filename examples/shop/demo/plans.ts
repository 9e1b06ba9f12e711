import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { CallInput } from '@spillway/contract/client';
import { parse } from 'yaml';

export type Plan = CallInput<'applyRollout'>['body']['plan'];

const SHOP = dirname(import.meta.dirname);
const ROOT = dirname(dirname(SHOP));

/** The plan file as a user would apply it from the repository's root, with variables added to its versions. */
export async function readPlan(name: string, env: Readonly<Record<string, string>>): Promise<Plan> {
  const plan = parse(await readFile(join(SHOP, `${name}.yaml`), 'utf8')) as Plan;
  return {
    ...plan,
    stages: plan.stages.map((stage) => {
      const { directory = '.' } = stage.version;
      return {
        ...stage,
        version: {
          ...stage.version,
          directory: isAbsolute(directory) ? directory : join(ROOT, directory),
          env: { ...stage.version.env, ...env },
        },
      };
    }),
  };
}
