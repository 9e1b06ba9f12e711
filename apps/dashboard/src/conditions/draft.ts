import type { Comparison, Condition, Operator } from '@spillway/evaluator';
import { formatAttribute, isWritable, parseAttribute } from './attribute-path.ts';
import { CASED, isOperator, OPERATORS } from './operators.ts';
import { formatValues, parseValues } from './values.ts';

/**
 * A condition while it is being typed: text that may not make sense yet, nodes that keep their identity while others
 * come and go. `none` is what the API writes as not any, `not_all` as not all.
 */
export type Draft = GroupDraft | ComparisonDraft | SegmentDraft | FlagDraft;

export type Join = 'all' | 'any' | 'none' | 'not_all';

export interface GroupDraft {
  readonly is: 'group';
  readonly id: string;
  readonly join: Join;
  readonly parts: readonly Draft[];
}

export interface ComparisonDraft {
  readonly is: 'comparison';
  readonly id: string;
  readonly attribute: string;
  readonly operator: Operator;
  readonly text: string;
  readonly ignoresCase: boolean;
}

export interface SegmentDraft {
  readonly is: 'segment';
  readonly id: string;
  readonly negated: boolean;
  readonly keys: readonly string[];
}

/** Another flag has to serve one of the variants; negated, none of them. */
export interface FlagDraft {
  readonly is: 'flag';
  readonly id: string;
  readonly negated: boolean;
  readonly flag: string;
  readonly variants: readonly string[];
}

/** Deeper is refused by the server: no person could read it. */
export const MAX_DEPTH = 10;

let made = 0;

/** An identity for a node, never shown and never sent. */
export function newId(): string {
  made += 1;
  return `c${made}`;
}

export function newComparison(): ComparisonDraft {
  return { is: 'comparison', id: newId(), attribute: '', operator: 'in', text: '', ignoresCase: false };
}

export function newSegment(): SegmentDraft {
  return { is: 'segment', id: newId(), negated: false, keys: [] };
}

export function newFlag(): FlagDraft {
  return { is: 'flag', id: newId(), negated: false, flag: '', variants: [] };
}

export function newGroup(join: Join = 'any'): GroupDraft {
  return { is: 'group', id: newId(), join, parts: [newComparison()] };
}

/** The condition as a form shows it: always a group; undefined when it is none, or holds what a form cannot say. */
export function draftOf(condition: unknown): GroupDraft | undefined {
  const draft = nodeOf(condition, 1, 'root');
  if (draft === undefined || draft.is === 'group') return draft;
  return { is: 'group', id: newId(), join: 'all', parts: [draft] };
}

function nodeOf(condition: unknown, depth: number, place: 'root' | 'part'): Draft | undefined {
  if (!isObject(condition) || depth > MAX_DEPTH) return undefined;
  if ('segment' in condition) return segmentOf([condition], false);
  if ('flag' in condition) return flagOf(condition, false);
  if (Array.isArray(condition.all)) return groupOf('all', condition.all, depth);
  if (Array.isArray(condition.any)) {
    const inOneRow = place === 'part' && condition.any.length > 1 ? segmentOf(condition.any, false) : undefined;
    return inOneRow ?? groupOf('any', condition.any, depth);
  }
  if ('not' in condition) return negationOf(condition.not, depth);
  return comparisonOf(condition);
}

function negationOf(inner: unknown, depth: number): Draft | undefined {
  if (!isObject(inner)) return undefined;
  if ('segment' in inner) return segmentOf([inner], true);
  if ('flag' in inner) return flagOf(inner, true);
  if (Array.isArray(inner.any)) return segmentOf(inner.any, true) ?? groupOf('none', inner.any, depth + 1);
  if (Array.isArray(inner.all)) return groupOf('not_all', inner.all, depth + 1);
  return groupOf('none', [inner], depth);
}

function groupOf(join: Join, conditions: readonly unknown[], depth: number): GroupDraft | undefined {
  const parts: Draft[] = [];
  for (const condition of conditions) {
    const part = nodeOf(condition, depth + 1, 'part');
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return { is: 'group', id: newId(), join, parts };
}

function segmentOf(conditions: readonly unknown[], negated: boolean): SegmentDraft | undefined {
  const keys: string[] = [];
  for (const condition of conditions) {
    if (!isObject(condition) || typeof condition.segment !== 'string') return undefined;
    keys.push(condition.segment);
  }
  return keys.length === 0 ? undefined : { is: 'segment', id: newId(), negated, keys };
}

function flagOf({ flag, variants }: Shape, negated: boolean): FlagDraft | undefined {
  if (typeof flag !== 'string' || !Array.isArray(variants)) return undefined;
  const names: readonly unknown[] = variants;
  if (!names.every((name) => typeof name === 'string')) return undefined;
  return { is: 'flag', id: newId(), negated, flag, variants: names };
}

function comparisonOf(condition: Partial<Comparison>): ComparisonDraft | undefined {
  const { attribute, path, operator, values, ignore_case: ignoresCase = false } = condition;
  if (typeof attribute !== 'string' || !isOperator(operator) || !Array.isArray(values)) return undefined;
  const place = path === undefined ? { attribute } : { attribute, path };
  if (!isWritable(place)) return undefined;
  return {
    is: 'comparison',
    id: newId(),
    attribute: formatAttribute(place),
    operator,
    text: formatValues(operator, values),
    ignoresCase,
  };
}

/** What a draft says, when it says something, and where each of its nodes stands in it, as a JSON pointer. */
export interface Composed {
  readonly condition: Condition | undefined;
  readonly places: ReadonlyMap<string, string>;
}

export function compose(draft: GroupDraft): Composed {
  const places = new Map<string, string>();
  return { condition: conditionOf(draft, '', places), places };
}

function conditionOf(draft: Draft, at: string, places: Map<string, string>): Condition | undefined {
  places.set(draft.id, at);
  if (draft.is === 'group') return groupCondition(draft, at, places);
  if (draft.is === 'flag') return flagConditionOf(draft);
  return draft.is === 'segment' ? segmentCondition(draft) : comparisonCondition(draft);
}

function groupCondition({ join, parts }: GroupDraft, at: string, places: Map<string, string>): Condition | undefined {
  const [only] = parts;
  if (join === 'none' && parts.length === 1 && only !== undefined && only.is !== 'group') {
    const inner = conditionOf(only, `${at}/not`, places);
    return inner === undefined ? undefined : { not: inner };
  }
  const name = join === 'all' || join === 'not_all' ? 'all' : 'any';
  const negated = join === 'none' || join === 'not_all';
  const base = `${at}${negated ? '/not' : ''}/${name}`;
  const conditions = parts.map((part, index) => conditionOf(part, `${base}/${index}`, places));
  const whole = conditions.filter((condition) => condition !== undefined);
  if (whole.length < conditions.length) return undefined;
  const group = name === 'all' ? { all: whole } : { any: whole };
  return negated ? { not: group } : group;
}

function segmentCondition({ keys, negated }: SegmentDraft): Condition | undefined {
  const [first, ...others] = keys.map((segment) => ({ segment }));
  if (first === undefined) return undefined;
  const inner = others.length === 0 ? first : { any: [first, ...others] };
  return negated ? { not: inner } : inner;
}

function flagConditionOf({ flag, variants, negated }: FlagDraft): Condition | undefined {
  if (flag === '' || variants.length === 0) return undefined;
  return negated ? { not: { flag, variants } } : { flag, variants };
}

function comparisonCondition({ attribute, operator, text, ignoresCase }: ComparisonDraft): Condition | undefined {
  const place = parseAttribute(attribute);
  const values = parseValues(operator, text);
  if (place === undefined || !values.ok) return undefined;
  return {
    ...place,
    operator,
    values: values.value,
    ...(ignoresCase && CASED.has(operator) ? { ignore_case: true } : {}),
  };
}

/** The same tree with one node replaced, or taken out when the answer is undefined. */
export function withNode(group: GroupDraft, id: string, change: (node: Draft) => Draft | undefined): GroupDraft {
  return {
    ...group,
    parts: group.parts.flatMap((part): Draft[] => {
      if (part.id === id) {
        const changed = change(part);
        return changed === undefined ? [] : [changed];
      }
      return [part.is === 'group' ? withNode(part, id, change) : part];
    }),
  };
}

/** Another operator keeps what was typed when it can still be read, and starts afresh when it cannot. */
export function withOperator(draft: ComparisonDraft, operator: Operator): ComparisonDraft {
  const [was, is] = [OPERATORS[draft.operator].operand, OPERATORS[operator].operand];
  const isRead = was === is || parseValues(operator, draft.text).ok;
  return { ...draft, operator, text: isRead ? draft.text : '' };
}

interface Shape extends Partial<Comparison> {
  readonly all?: unknown;
  readonly any?: unknown;
  readonly not?: unknown;
  readonly segment?: unknown;
  readonly flag?: unknown;
  readonly variants?: unknown;
}

function isObject(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
