/** What every engine is given, in a form of its own that no engine is at home in; adapters translate it. */
export interface Definitions {
  readonly flags: readonly Flag[];
  readonly segments: readonly Segment[];
}

export type Answer = boolean | string;

/** A variant's value is its name; flags of `boolean` type have the variants `true` and `false`. */
export interface Flag {
  readonly key: string;
  readonly type: 'boolean' | 'string';
  readonly variants: readonly string[];
  readonly enabled: boolean;
  /** Served when the flag is not enabled. */
  readonly off: string;
  /** The first that holds decides. */
  readonly rules: readonly Rule[];
  readonly otherwise: Serve;
}

export interface Rule {
  readonly id: string;
  /** All must hold. */
  readonly when: readonly Condition[];
  readonly variant: string;
}

export type Serve = { readonly variant: string } | { readonly split: readonly Part[] };

export interface Part {
  readonly variant: string;
  /** Whole percentages that sum to 100. */
  readonly percentage: number;
}

export type Condition = Comparison | { readonly segment: string };

export type Comparison =
  | { readonly attribute: Attribute; readonly operator: 'in'; readonly values: readonly string[] }
  | { readonly attribute: Attribute; readonly operator: 'ends_with'; readonly value: string }
  | { readonly attribute: Attribute; readonly operator: 'semver_above'; readonly value: string }
  | { readonly attribute: Attribute; readonly operator: 'above'; readonly value: number };

/** Whose id is listed, or who meets all of one of the rules. */
export interface Segment {
  readonly key: string;
  /** Every engine gets a number too, because some know segments by number only. */
  readonly number: number;
  readonly ids: readonly string[];
  readonly rules: readonly (readonly Comparison[])[];
}

export type Attribute = keyof User;

/** Whom flags are evaluated for. */
export interface User {
  readonly targetingKey: string;
  readonly country: string;
  readonly app_version: string;
  readonly email: string;
  readonly age: number;
  readonly plan: string;
  readonly logins: number;
}

export function answerOf(flag: Flag, variant: string): Answer {
  return flag.type === 'boolean' ? variant === 'true' : variant;
}

export function partsOf(serve: Serve): readonly Part[] {
  return 'split' in serve ? serve.split : [{ variant: serve.variant, percentage: 100 }];
}

export function segmentOf(definitions: Definitions, key: string): Segment {
  const found = definitions.segments.find((segment) => segment.key === key);
  if (found === undefined) throw new Error(`no segment ${key}`);
  return found;
}

/** Conditions as lists of comparisons of which one must hold in full, for engines whose segments cannot say "or". */
export function alternatives(when: readonly Condition[], { segments }: Definitions): (readonly Comparison[])[] {
  const [first] = when;
  if (first === undefined || !('segment' in first)) return [when.flatMap((each) => ('segment' in each ? [] : [each]))];
  const segment = segments.find(({ key }) => key === first.segment);
  const listed: Comparison = { attribute: 'targetingKey', operator: 'in', values: segment?.ids ?? [] };
  return [[listed], ...(segment?.rules ?? [])];
}
