import type { Definitions, Difference, PlannedChange, PlanTerms } from '@spillway/core';
import type { Answer, Call } from '../call.ts';

export interface DefinitionUseCases {
  /** What applying would do, and the fingerprint that binds an application to it. */
  plan(call: Call, definitions: Definitions, terms: PlanTerms): Answer<DefinitionPlan>;
  /** All of it in one commit, or nothing; refuses `stale` when the plan would be another by now. */
  apply(call: Call, definitions: Definitions, terms: PlanTerms, fingerprint: string): Answer<DefinitionPlan>;
  /** Everything active, or what bears one mark, as somebody would write it. */
  export(call: Call, only: { readonly managed_by?: string }): Answer<ExportedDefinitions>;
}

export interface PlannedDefinition {
  readonly noun: 'flags' | 'segments';
  readonly key: string;
  readonly action: PlannedChange['action'];
  readonly diff: readonly Difference[];
}

export interface DefinitionPlan {
  readonly changes: readonly PlannedDefinition[];
  readonly fingerprint: string;
}

export interface ExportedDefinitions extends Definitions {
  readonly managed_by?: string;
}
