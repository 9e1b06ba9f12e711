import type { Command } from 'commander';
import { changesText } from '../output/changes-text.ts';
import { describeFlag } from '../output/flag-view.ts';
import { expectAnswer } from '../output/print.ts';
import { addVersions } from './versions.ts';

export function addFlagVersions(flags: Command): void {
  addVersions(flags, {
    name: 'flag',
    listing: 'history',
    changes: async (client, key, query) => expectAnswer(await client.call('flagHistory', { params: { key }, query })),
    compare: async (client, key, query) =>
      expectAnswer(await client.call('compareFlagVersions', { params: { key }, query })),
    restore: async (client, key, restoring) =>
      expectAnswer(await client.call('restoreFlag', { params: { key }, ...restoring })),
    differences: changesText,
    describe: describeFlag,
  });
}
