import type { StickyBy } from './service.ts';

export interface ServiceInput {
  readonly hostname?: string | undefined;
  readonly path_prefix: string;
  readonly sticky: StickyBy;
}
