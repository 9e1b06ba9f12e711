import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOf } from './repository.ts';

const NAMES: readonly (readonly [remote: string, name: string | undefined])[] = [
  ['git@github.com:acme/shop.git', 'github.com/acme/shop'],
  ['github.com:acme/shop', 'github.com/acme/shop'],
  ['ssh://git@git.acme.test:2222/team/shop.git', 'git.acme.test/team/shop'],
  ['https://token:secret@github.com/acme/shop.git', 'github.com/acme/shop'],
  ['https://github.com/acme/shop/', 'github.com/acme/shop'],
  ['/srv/git/shop.git', undefined],
  ['https://github.com', undefined],
];

for (const [remote, name] of NAMES) {
  test(`a repository's name: ${remote} is ${name ?? 'none'}`, () => assert.equal(nameOf(remote), name));
}
