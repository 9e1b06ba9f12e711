import type { Json } from '@spillway/evaluator';
import { canonicalise } from '@spillway/evaluator/canonical';
import { defaultState } from '../flags/default-state.ts';
import type { Flag, FlagEnvironment, FlagServe } from '../flags/flag.ts';
import type { FlagEnvironmentInput } from '../flags/input.ts';
import { BOOLEAN_VARIANTS, inferType } from '../flags/normalise.ts';
import type { SegmentMembersInput } from '../segments/input.ts';
import type { Segment, SegmentMembers } from '../segments/segment.ts';
import type { DefinedFlag, DefinedSegment } from './definitions.ts';

const WHOLE = 100;

/** The flag as somebody would write it: without what it would be anyway. Reading it again gives the same flag. */
export function writtenFlag(flag: Flag): DefinedFlag {
  const { type, kind, variants, value_schema, permanent, parent, target_environments } = flag;
  const usual = type === 'boolean' && isSame(variants, BOOLEAN_VARIANTS);
  const environments = Object.entries(flag.environments).map(([name, state]) => [name, writtenState(flag, state)]);
  return {
    ...(type === inferType(usual ? undefined : variants) ? {} : { type }),
    ...(kind === undefined ? {} : { kind }),
    ...(flag.description === '' ? {} : { description: flag.description }),
    ...(flag.owner === '' ? {} : { owner: flag.owner }),
    ...(flag.tags.length === 0 ? {} : { tags: flag.tags }),
    ...(flag.services.length === 0 ? {} : { services: flag.services }),
    ...(usual ? {} : { variants }),
    ...(value_schema === undefined ? {} : { value_schema }),
    ...(permanent === undefined ? {} : { permanent }),
    ...(parent === undefined ? {} : { parent }),
    ...(target_environments === undefined ? {} : { target_environments }),
    ...(environments.length === 0 ? {} : { environments: Object.fromEntries(environments) }),
  };
}

function writtenState(flag: Flag, state: FlagEnvironment): FlagEnvironmentInput {
  const usual = defaultState(flag);
  const bucketing = Object.entries(state.bucketing).filter(
    ([name, value]) => !isSame(value, usual.bucketing[name as keyof typeof usual.bucketing]),
  );
  return {
    ...(state.enabled === usual.enabled ? {} : { enabled: state.enabled }),
    ...(state.off_variant === usual.off_variant ? {} : { off_variant: state.off_variant }),
    ...(state.prerequisites === undefined ? {} : { prerequisites: state.prerequisites }),
    ...(state.targets.length === 0 ? {} : { targets: state.targets }),
    ...(state.rules.length === 0 ? {} : { rules: state.rules }),
    ...(isSame(state.fallthrough, usual.fallthrough) ? {} : writtenFallthrough(flag, state.fallthrough)),
    ...(bucketing.length === 0 ? {} : { bucketing: Object.fromEntries(bucketing) }),
  };
}

/** A share of a boolean flag has a short form, which stands for just this split. */
function writtenFallthrough({ type, variants }: Flag, fallthrough: FlagServe): FlagEnvironmentInput {
  const on = variants.find(({ value }) => value === true)?.name;
  const off = variants.find(({ value }) => value === false)?.name;
  if ('split' in fallthrough && fallthrough.split.length === 2) {
    const [first, second] = fallthrough.split;
    const isShare =
      type === 'boolean' &&
      first?.variant === on &&
      second?.variant === off &&
      second?.percentage === (WHOLE * 1_000 - Math.round((first?.percentage ?? 0) * 1_000)) / 1_000;
    if (isShare && first !== undefined) return { percentage: first.percentage };
  }
  return { fallthrough };
}

/** The segment as somebody would write it. Of a list only fingerprints are kept, so that it is said to stay as it is. */
export function writtenSegment(segment: Segment): DefinedSegment {
  const { key: _, type: __, managed_by: ___, name, description, owner, tags, when, members, ...rest } = segment;
  const decides = rest.score !== undefined || members !== undefined;
  const usual = !decides && rest.parents !== undefined ? { all: [] } : { any: [] };
  const isSaid = decides || rest.parents !== undefined;
  return {
    ...(name === '' ? {} : { name }),
    ...(description === '' ? {} : { description }),
    ...(owner === '' ? {} : { owner }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(isSaid && isSame(when, usual) ? {} : { when }),
    ...(members === undefined ? {} : { members: writtenMembers(members) }),
    ...rest,
  };
}

function writtenMembers({ by, path }: SegmentMembers): SegmentMembersInput {
  return { ...(by === undefined ? {} : { by }), ...(path === undefined ? {} : { path }) };
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (other !== undefined && canonicalise(one as Json) === canonicalise(other as Json));
}
