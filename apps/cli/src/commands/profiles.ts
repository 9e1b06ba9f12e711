import type { Json } from '@spillway/evaluator';
import type { Command } from 'commander';
import { readDocumentFile } from '../files/document-file.ts';
import { openUpload } from '../files/upload-file.ts';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print } from '../output/print.ts';
import { connected, type ServerOptions, withExamples, withServer } from './options.ts';
import { addProfileList } from './profile-list.ts';

export function addProfiles(program: Command): void {
  const profiles = withExamples(
    program.command('profiles').alias('profile').description("users' profiles, which segments are measured by"),
    [
      'spillway profiles upload users.ndjson                  a line each: {"key": "u1", "attributes": {"plan": "pro"}}',
      'spillway profiles list -a plan=pro --segment beta      those with both',
      'spillway profiles get u1',
      'spillway profiles delete u1',
    ],
  );
  addProfileList(profiles);
  withServer(profiles.command('get <key>').description('one profile, and the segments it belongs to')).action(
    async (key: string, options: ServerOptions) => {
      const found = expectAnswer(await connected(options).client.call('getProfile', { params: { key } }));
      print(found, options, (one) =>
        [
          `${one.key}, updated ${one.updated_at}`,
          `segments: ${one.segments.join(', ') || 'none'}`,
          ...Object.entries(one.attributes).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
        ].join('\n'),
      );
    },
  );
  withServer(profiles.command('set <key>').description('make or replace a profile'))
    .requiredOption('-f, --file <path>', 'its attributes as YAML or JSON; - reads standard input')
    .action(async (key: string, options: ServerOptions & { file: string }) => {
      const { value } = await readDocumentFile(options.file);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw usageFailure(`${options.file} must hold attributes by name, such as plan: pro.`);
      }
      // Whatever YAML can say beyond JSON is refused by the server.
      const body = { attributes: value as Readonly<Record<string, Json>> };
      const put = await connected(options).client.call('putProfile', { params: { key }, body });
      print(expectAnswer(put), options, (one) => `${one.key} belongs to ${one.segments.join(', ') || 'no segment'}`);
    });
  withServer(profiles.command('upload <file>').description('make or replace many profiles from NDJSON')).action(
    async (path: string, options: ServerOptions) => {
      const upload = { type: 'application/x-ndjson' as const, content: await openUpload(path) };
      const answer = await connected(options).client.call('uploadProfiles', { upload });
      print(expectAnswer(answer), options, ({ stored }) => `stored ${stored} profiles`);
    },
  );
  withServer(profiles.command('delete <key>').description('delete a profile for good')).action(
    async (key: string, options: ServerOptions) => {
      expectAnswer(await connected(options).client.call('deleteProfile', { params: { key } }));
      print({ key, deleted: true }, options, () => `deleted ${key}`);
    },
  );
}
