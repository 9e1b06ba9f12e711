import { refuse } from '@spillway/core';

export function unknownSwitch(key: string, more = '') {
  return refuse('not_found', `There is no kill switch ${JSON.stringify(key)}. Check the key.${more}`);
}
