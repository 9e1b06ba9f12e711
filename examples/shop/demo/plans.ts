import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { CallInput } from '@spillway/contract/client';
import { parse } from 'yaml';

export type Plan = CallInput<'applyRollout'>['body']['plan'];

const SHOP = dirname(import.meta.dirname);

/** The plan file as the CLI would apply it, directories relative to the file, with variables added to its versions. */
export async function readPlan(name: string, env: Readonly<Record<string, string>>): Promise<Plan> {
  const plan = parse(await readFile(resolve(SHOP, `${name}.yaml`), 'utf8')) as Plan;
  return {
    ...plan,
    stages: plan.stages.map((stage) => ({
      ...stage,
      version: {
        ...stage.version,
        directory: resolve(SHOP, stage.version.directory ?? '.'),
        env: { ...stage.version.env, ...env },
      },
    })),
  };
}
