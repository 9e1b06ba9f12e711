import type { CallInput, CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { CALLED_AS } from '../output/called-as.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, usageFailure } from '../output/failure.ts';
import { describeFlag } from '../output/flag-view.ts';
import { expectAnswer, printWritten } from '../output/print.ts';
import { names, oneOf, versionNumber } from './arguments.ts';
import { FLAG_KINDS } from './flag-kinds.ts';
import { connected, type ServerOptions, withServer } from './options.ts';

type Flag = CallOutput<'getFlag'>;
type FlagInput = CallInput<'replaceFlag'>['body'];

interface UpdateOptions extends ServerOptions {
  readonly description?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly services?: readonly string[];
  readonly kind?: (typeof FLAG_KINDS)[number];
  /** `false` takes it away. */
  readonly parent?: string | false;
  readonly permanent?: boolean;
  readonly ifVersion?: number;
  readonly reason?: string;
}

/** What a team keeps about a flag; its state in an environment is `flags set`'s. */
export function addFlagUpdate(flags: Command): void {
  withServer(flags.command('update <key>').description('change what is kept about a flag; what is not given stays'))
    .option('--description <text>')
    .option('--owner <name>')
    .option('--tags <tags>', 'all its tags, separated by commas; empty text takes them away', names)
    .option('--services <names>', 'the services that ask for it, separated by commas', names)
    .option('--kind <kind>', `what it is for: ${FLAG_KINDS.join(', ')}`, oneOf(FLAG_KINDS))
    .option('--parent <flag>', 'the flag serves its off variant while this one serves its own')
    .option('--no-parent', 'it depends on no other any more')
    .option('--permanent', 'it is meant to stay and never stale')
    .option('--no-permanent', 'it is to go one day')
    .option('--if-version <version>', 'only if the flag still has this version', versionNumber)
    .option('--reason <text>', 'why; a parent counts in protected environments, which want one')
    .action(async (key: string, options: UpdateOptions) => {
      const details = detailsOf(options);
      if (Object.keys(details).length === 0 && options.parent === undefined)
        throw usageFailure('Say what to change, such as --owner payments or --tags checkout,web.');
      const { client } = connected(options);
      const flag = expectAnswer(await client.call('getFlag', { params: { key } }));
      // Replacing an archived flag would bring it back, which nobody asked for.
      if (flag.lifecycle === 'archived')
        throw new Failure(
          `${key} is archived. Bring it back first: ${CALLED_AS} flags restore ${key} ${flag.version - 1}`,
          EXIT.conflict,
        );
      const changed = await client.call('replaceFlag', {
        params: { key },
        query: { reason: options.reason },
        body: inputOf(flag, details, options.parent),
        ifMatch: options.ifVersion ?? flag.version,
      });
      printWritten(expectAnswer(changed), options, describeFlag);
    });
}

function detailsOf({ description, owner, tags, services, kind, permanent }: UpdateOptions) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(services === undefined ? {} : { services: [...services] }),
    ...(kind === undefined ? {} : { kind }),
    ...(permanent === undefined ? {} : { permanent }),
  };
}

/** The whole flag as it is sent, with other details. */
function inputOf(flag: Flag, details: ReturnType<typeof detailsOf>, parent: UpdateOptions['parent']): FlagInput {
  const { lifecycle: _, version: __, unchanged: ___, parent: before, ...rest } = flag;
  const after = parent === false ? undefined : (parent ?? before);
  return { ...rest, ...details, ...(after === undefined ? {} : { parent: after }) };
}
