import type { SwitchScope } from '@spillway/evaluator';

export interface KillSwitchInput {
  readonly key: string;
  readonly description?: string | undefined;
  readonly scope: SwitchScope;
  readonly affects?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
}
