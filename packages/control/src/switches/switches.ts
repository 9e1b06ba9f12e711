import { accept } from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import type { Control } from '../control.ts';
import { fromStored } from '../documents/document.ts';
import { listDocuments } from '../documents/list.ts';
import { createSwitchDefining } from './defining.ts';
import { createSwitchFiring, type SwitchFiringDeps } from './firing.ts';
import { unknownSwitch } from './unknown.ts';

export function createSwitchUseCases(deps: SwitchFiringDeps): Control['switches'] {
  return forAdmins<Control['switches']>({
    list: (_, page) => listDocuments(deps, 'switches', page),
    async get(_, key) {
      const stored = await deps.store.read(deps.project, 'switches', key);
      return stored === undefined ? unknownSwitch(key) : accept(fromStored('switches', stored));
    },
    ...createSwitchDefining(deps),
    ...createSwitchFiring(deps),
  });
}
