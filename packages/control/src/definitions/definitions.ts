import { accept } from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import { type ApplyingDeps, createApply } from './applying.ts';
import { createExport } from './exporting.ts';
import { planNow, shownPlan } from './planning.ts';
import type { DefinitionUseCases } from './use-cases.ts';

/** Definitions against what there is: what would change, all of it at once, and everything as definitions again. */
export function createDefinitionUseCases(deps: ApplyingDeps): DefinitionUseCases {
  return forAdmins<DefinitionUseCases>({
    async plan(_, definitions, terms) {
      const planned = await planNow(deps, definitions, terms);
      if (!planned.ok) return planned;
      const { numbered, fingerprint } = planned.value;
      return accept({ changes: await shownPlan(deps.clock, numbered), fingerprint });
    },
    apply: createApply(deps),
    export: createExport(deps),
  });
}
