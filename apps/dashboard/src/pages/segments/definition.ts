import type { Condition, Json } from '@spillway/evaluator';
import { type JsonChange, jsonDifference } from '../../ui/json-difference.ts';
import type { Segment, SegmentInput } from './queries.ts';

/** What a person edits of a segment. Who is on its list is a matter of imports. */
export interface Definition {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly when: Condition;
  readonly score: Segment['score'] | undefined;
  /** The attribute whose value is looked up in the list; undefined for a segment without a list. */
  readonly listBy: string | undefined;
  readonly parents: readonly string[];
  readonly exclusions: readonly string[];
  readonly priority: number | undefined;
  /** Whose files say what it is. */
  readonly managedBy: string | undefined;
}

export const KEY_OF_CONTEXT = 'targetingKey';

export function definitionOf(segment: Segment): Definition {
  const { name, description, owner, tags, when, score, members, parents = [], exclusions = [], priority } = segment;
  const { managed_by: managedBy } = segment;
  const listBy = members === undefined ? undefined : [members.by ?? KEY_OF_CONTEXT, ...(members.path ?? [])].join('.');
  return { name, description, owner, tags, when, score, listBy, parents, exclusions, priority, managedBy };
}

/** As the API takes it; a list that is not sent stays as it is. */
export function inputOf(key: string, definition: Definition): SegmentInput {
  const { score, listBy, priority, name, description, owner, tags, when, parents, exclusions, managedBy } = definition;
  const [by = KEY_OF_CONTEXT, ...path] = (listBy ?? '').split('.');
  const members = by === KEY_OF_CONTEXT && path.length === 0 ? {} : { by, ...(path.length === 0 ? {} : { path }) };
  return {
    key,
    name,
    description,
    owner,
    tags: [...tags],
    when,
    ...(score === undefined ? {} : { score }),
    ...(listBy === undefined ? {} : { members }),
    parents: [...parents],
    exclusions: [...exclusions],
    ...(priority === undefined ? {} : { priority }),
    ...(managedBy === undefined ? {} : { managed_by: managedBy }),
  };
}

/** Place by place, in words a person reads. */
export function changesBetween(before: Definition, after: Definition): readonly JsonChange[] {
  return jsonDifference(asJson(before), asJson(after));
}

/** What was changed here, put on top of what someone else saved meanwhile: field by field. */
export function onTopOf(theirs: Definition, base: Definition, mine: Definition): Definition {
  const fields = Object.keys(mine) as (keyof Definition)[];
  const changed = fields.filter((field) => jsonDifference(asJson(base[field]), asJson(mine[field])).length > 0);
  return { ...theirs, ...Object.fromEntries(changed.map((field) => [field, mine[field]])) };
}

function asJson(value: unknown): Json | undefined {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json);
}

const NOBODY: Condition = { any: [] };

export function saysNobody(when: Condition): boolean {
  return 'any' in when && when.any.length === 0;
}

export type Kind = 'rules' | 'combination' | 'list';

/** What a new segment begins as: nobody belongs to it until someone says who. */
export function newSegment(key: string, kind: Kind, details: Pick<SegmentInput, 'name' | 'description'>): SegmentInput {
  return kind === 'list' ? { key, ...details, type: 'list' } : { key, ...details, when: NOBODY };
}
