import { accept, checkRouteIsFree, normaliseService, type Outcome, refuse, type Service } from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import type { Versioned } from '../call.ts';
import type { Control } from '../control.ts';
import { answered } from '../documents/answered.ts';
import type { Changes } from '../documents/changes.ts';
import { fromStored } from '../documents/document.ts';
import { allDocuments, listDocuments } from '../documents/list.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { unknownEnvironment } from '../environments/unknown.ts';
import type { Store } from '../ports/index.ts';
import { serviceId } from './service-id.ts';
import { type StatusDeps, statusOf } from './status.ts';

export interface ServiceDeps extends StatusDeps {
  readonly store: Store;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
}

export function createServiceUseCases(deps: ServiceDeps): Control['services'] {
  const { store, project, changes, environments } = deps;
  /** One at a time: whether a route is free depends on every other service. */
  let last: Promise<unknown> = Promise.resolve();

  async function find(environment: string, key: string): Promise<Outcome<Versioned<Service>>> {
    const stored = await store.read(project, 'services', serviceId(environment, key));
    if (stored !== undefined) return accept(fromStored('services', stored));
    return refuse(
      'not_found',
      `There is no service ${JSON.stringify(key)} in ${JSON.stringify(environment)}. Put it first.`,
    );
  }

  async function others(): Promise<readonly Service[]> {
    const services: Service[] = [];
    for await (const { document } of allDocuments(deps, 'services')) services.push(document);
    return services;
  }

  return forAdmins<Control['services']>({
    async list(_, page) {
      return listDocuments(deps, 'services', page);
    },
    get: (_, environment, key) => find(environment, key),
    async put(call, environment, key, input) {
      await environments.lookAgainFor([environment]);
      if (!environments.keys.has(environment)) {
        return unknownEnvironment(environment, environments.keys, '/environment');
      }
      const request = { noun: 'services', key: serviceId(environment, key), name: 'service', request: input } as const;
      const put = last.then(() =>
        changes.change(call, request, async (previous) => {
          const after = normaliseService(environment, key, input, previous);
          if (!after.ok) return after;
          const free = checkRouteIsFree(after.value, await others());
          if (!free.ok) return free;
          const action = previous === undefined ? 'service.created' : 'service.updated';
          return accept({ is: 'write', action, after: after.value });
        }),
      );
      last = put.catch(() => {});
      return answered(await put);
    },
    async status(_, environment, key, since_ms) {
      const service = await find(environment, key);
      return service.ok ? accept(await statusOf(deps, service.value, since_ms)) : service;
    },
  });
}
