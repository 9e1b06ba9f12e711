import type { Command } from 'commander';
import { readDocumentFile } from '../files/document-file.ts';
import { describeFlag } from '../output/flag-view.ts';
import { expectAnswer, print } from '../output/print.ts';
import { collected, names, oneOf } from './arguments.ts';
import { FLAG_KINDS } from './flag-kinds.ts';
import { connected, type ServerOptions, withServer } from './options.ts';
import { type ReleaseOptions, releaseOf, withRelease } from './release-options.ts';

export const FLAG_TYPES = ['boolean', 'string', 'number', 'json'] as const;

interface CreateOptions extends ReleaseOptions {
  readonly type?: (typeof FLAG_TYPES)[number];
  readonly description?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly kind?: (typeof FLAG_KINDS)[number];
  readonly parent?: string;
  readonly targetEnvironment?: readonly string[];
  readonly file?: string;
  readonly reason?: string;
}

/** Makes a flag; the server prepares it for its kind. */
export function addFlagCreate(flags: Command): void {
  const create = withServer(
    flags.command('create <key>').description('create a flag, off everywhere, or as a file says'),
  )
    .option('--type <type>', 'boolean, string, number or json', oneOf(FLAG_TYPES))
    .option('--description <text>')
    .option('--owner <name>')
    .option('--tags <tags>', 'separated by commas', names)
    .option('--kind <kind>', `what it is for, and prepared for: ${FLAG_KINDS.join(', ')}`, oneOf(FLAG_KINDS));
  withRelease(create, 'once it is on, have it')
    .option('--parent <flag>', 'the flag serves its off variant while this one serves its own')
    .option('--target-environment <name>', 'the only environment it may be enabled in; may be repeated', collected)
    .option('-f, --file <path>', 'the flag as YAML or JSON; - reads standard input')
    .option('--reason <text>', 'why')
    .action(async (key: string, options: ServerOptions & CreateOptions) => {
      const file = options.file === undefined ? undefined : await readDocumentFile(options.file);
      const fromFile = typeof file?.value === 'object' && file.value !== null ? file.value : {};
      const body = { ...fromFile, key, ...bodyOf(options) };
      const { client } = connected(options);
      const created = await client.call('createFlag', { body, query: { reason: options.reason } });
      // The key is an argument, whatever the file says.
      const source = file && { ...file, place: (field: string) => (field === '/key' ? undefined : file.place(field)) };
      print(expectAnswer(created, source), options, describeFlag);
    });
}

function bodyOf(options: CreateOptions) {
  const strategy = releaseOf(options);
  return {
    ...(options.type === undefined ? {} : { type: options.type }),
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(options.owner === undefined ? {} : { owner: options.owner }),
    ...(options.tags === undefined ? {} : { tags: [...options.tags] }),
    ...(options.kind === undefined ? {} : { kind: options.kind }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(options.parent === undefined ? {} : { parent: options.parent }),
    ...(options.targetEnvironment === undefined ? {} : { target_environments: [...options.targetEnvironment] }),
  };
}
