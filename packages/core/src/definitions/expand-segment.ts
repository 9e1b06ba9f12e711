import type { SegmentInput, SegmentMembersInput } from '../segments/input.ts';
import type { DefinedSegment } from './definitions.ts';

/** The segment as the API takes it. */
export function expandSegment(key: string, { members, ...rest }: DefinedSegment): SegmentInput {
  return { ...rest, key, ...(members === undefined ? {} : { members: membersIn(members) }) };
}

function membersIn(members: NonNullable<DefinedSegment['members']>): SegmentMembersInput {
  return isList(members) ? { keys: members } : members;
}

function isList(members: NonNullable<DefinedSegment['members']>): members is readonly string[] {
  return Array.isArray(members);
}

/** The members that the definition names itself; undefined when it leaves the list as it is. */
export function keysIn({ members }: DefinedSegment): readonly string[] | undefined {
  return members === undefined ? undefined : membersIn(members).keys;
}
