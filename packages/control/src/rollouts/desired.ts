import { isFinal, type Service } from '@spillway/core';
import { allDocuments } from '../documents/list.ts';
import type { Store } from '../ports/index.ts';

/** The shares that a rollout under way wants for a service; undefined when none is moving it. */
export async function desiredShares(
  deps: { readonly store: Store; readonly project: string },
  { environment, key }: Service,
): Promise<Readonly<Record<string, number>> | undefined> {
  for await (const { document } of allDocuments(deps, 'rollouts')) {
    if (isFinal(document) || document.plan.environment !== environment) continue;
    for (const stage of document.plan.stages) {
      const state = document.stages.find((each) => each.key === stage.key);
      const moving =
        state?.phase.is === 'baking' || state?.phase.is === 'completing' || state?.phase.is === 'returning';
      if (stage.service === key && moving) return state.traffic?.shares;
    }
  }
  return undefined;
}
