import type { CallInput } from '@spillway/contract';
import type { Command } from 'commander';
import { usageFailure } from '../output/failure.ts';
import { names, percentage } from './arguments.ts';

export interface ReleaseOptions {
  readonly percentage?: number;
  readonly users?: readonly string[];
  readonly allUsers?: boolean;
}

type Strategy = NonNullable<CallInput<'createFlag'>['body']['strategy']>;

/** The ways to say who gets a flag that fit into an option each; `verb` is what the command does about it. */
export function withRelease(command: Command, verb: string): Command {
  return command
    .option('--percentage <number>', `${verb} for this share of users`, percentage)
    .option('--users <keys>', `${verb} for these users alone, separated by commas`, names)
    .option('--all-users', `${verb} for everyone that no rule says otherwise about`);
}

/** Who gets it, as the one option that was given says. */
export function releaseOf({ percentage: share, users, allUsers }: ReleaseOptions): Strategy | undefined {
  const given = [share, users, allUsers].filter((option) => option !== undefined);
  if (given.length > 1) throw usageFailure('--percentage, --users and --all-users exclude one another; give one.');
  if (share !== undefined) return { type: 'percentage', percentage: share };
  if (allUsers === true) return { type: 'all_users' };
  return users === undefined ? undefined : { type: 'user_list', users: [...users] };
}
