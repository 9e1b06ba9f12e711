import { type Flag, refuse } from '@spillway/core';

export function unknownFlag(key: string) {
  return refuse('not_found', `There is no flag ${JSON.stringify(key)}. Check the key, or create it first.`);
}

export function flagExists(flag: Flag) {
  const isArchived = flag.lifecycle === 'archived';
  const remedy = isArchived ? 'Bring it back by replacing it' : 'Change that one';
  const already = isArchived ? 'already (archived)' : 'already';
  return refuse('exists', `There is a flag ${flag.key} ${already}. ${remedy}, or choose another key.`, {
    fields: [{ field: '/key', message: 'is taken' }],
  });
}

export function flagIsArchived(key: string) {
  return refuse(
    'conflict',
    `The flag ${key} is archived. Bring it back by restoring a version of it or replacing it, then change it.`,
  );
}

export function refuseOtherKey(key: string) {
  return refuse('invalid', `A flag cannot be renamed: applications ask for it as ${key}. Leave the key as it is.`, {
    fields: [{ field: '/key', message: `must be ${key}, as in the address` }],
  });
}
