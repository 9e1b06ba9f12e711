import type { CallInput, CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { readDocumentFile } from '../files/document-file.ts';
import { CALLED_AS } from '../output/called-as.ts';
import { expectAnswer, print, tell } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { collected } from './arguments.ts';
import { connected, type PageOptions, pageOf, withPages } from './options.ts';

interface ListOptions extends PageOptions {
  readonly search?: string;
  readonly attr: readonly string[];
  readonly segment: readonly string[];
  readonly file?: string;
}

type Profiles = CallOutput<'searchProfiles'>;
type Condition = CallInput<'searchProfiles'>['body']['when'];

/** Lists profiles; with attributes, segments or a condition, the server looks through them a part at a time. */
export function addProfileList(profiles: Command): void {
  withPages(profiles.command('list').alias('find').description('list profiles by key, or find those that are meant'))
    .option('--search <text>', 'what the key begins with')
    .option(
      '-a, --attr <name=value>',
      'only those with this attribute; -> leads into objects; may be repeated',
      collected,
      [],
    )
    .option('--segment <key>', 'only those that belong to this segment; may be repeated', collected, [])
    .option('-f, --file <path>', 'only those that a condition holds for, as rules have them, in YAML or JSON')
    .action(async (options: ListOptions) => {
      const file = options.file === undefined ? undefined : await readDocumentFile(options.file);
      const condition = file === undefined ? {} : { when: file.value as Condition };
      const place = { ...pageOf(options), ...(options.search === undefined ? {} : { search: options.search }) };
      const asked = {
        ...condition,
        ...(options.attr.length === 0 ? {} : { attributes: [...options.attr] }),
        ...(options.segment.length === 0 ? {} : { segments: [...options.segment] }),
      };
      const { client } = connected(options);
      // What is wrong with the condition is shown in its file, which holds nothing else.
      const source = file && { ...file, place: (field: string) => placeInCondition(field, file.place) };
      const page: Profiles =
        Object.keys(asked).length === 0
          ? expectAnswer(await client.call('listProfiles', { query: place }))
          : expectAnswer(await client.call('searchProfiles', { body: { ...place, ...asked } }), source);
      print(page, options, listText);
      if (options.json !== true) tellWhereItStands(page);
    });
}

function placeInCondition<T>(field: string, place: (field: string) => T): T | undefined {
  return field === '/when' || field.startsWith('/when/') ? place(field.slice('/when'.length)) : undefined;
}

function listText({ items, searched, next }: Profiles): string {
  if (items.length > 0) {
    const rows = items.map((one) => [one.key, one.updated_at, Object.keys(one.attributes).join(', ')]);
    return table(['KEY', 'UPDATED', 'ATTRIBUTES'], rows);
  }
  if (searched === undefined) return `No profiles. Upload some with \`${CALLED_AS} profiles upload FILE\`.`;
  return next === undefined ? 'No profile is like that.' : 'None of those that were looked at.';
}

function tellWhereItStands({ searched, next }: Profiles): void {
  if (searched !== undefined) tell(`Looked at ${searched.looked_at} of ${searched.profiles} profiles.`);
  if (next !== undefined) tell(`There are more: --cursor ${next}`);
}
