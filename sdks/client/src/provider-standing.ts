import type { Status } from './status.ts';

/** Who hears, in OpenFeature's terms, how a client stands. */
export interface ProviderStanding {
  ready(): void;
  stale(message: string): void;
  failed(message: string, errorCode: 'PROVIDER_FATAL' | 'GENERAL'): void;
}

/** What a client's status is to OpenFeature, on servers and in pages alike. Nothing while there is nothing to answer from yet. */
export function tellStanding(
  { is, configuration, problem = '' }: Pick<Status, 'is' | 'configuration' | 'problem'>,
  told: ProviderStanding,
): void {
  if (is === 'ready') told.ready();
  // FATAL would keep OpenFeature from asking, and there may be something good to answer from.
  else if (is === 'failed') told.failed(problem, configuration === 0 ? 'PROVIDER_FATAL' : 'GENERAL');
  else if (is !== 'closed' && configuration > 0) told.stale(problem);
}
