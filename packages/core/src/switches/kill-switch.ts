import type { SwitchScope } from '@spillway/evaluator';

/** An overlay that is obeyed before any configuration; releasing it leaves no trace on what it covered. */
export interface KillSwitch {
  readonly key: string;
  readonly description: string;
  readonly scope: SwitchScope;
  /** Services, segments or flag keys, as the scope says; empty for `global`. */
  readonly affects: readonly string[];
  /** Environments it acts in; empty means all. */
  readonly environments: readonly string[];
  readonly state: SwitchState;
}

export type SwitchState =
  | { readonly is: 'inactive'; readonly released?: SwitchAction }
  | { readonly is: 'triggered'; readonly activated: SwitchAction };

export interface SwitchAction {
  readonly at_ms: number;
  readonly actor: string;
  readonly reason: string;
}
