import type { KillSwitch } from '../../documents.ts';

/** What users get while a switch is fired, in one sentence. */
export function effectOf(item: Pick<KillSwitch, 'scope' | 'affects' | 'environments'>): string {
  const where = item.environments.length === 0 ? 'in every environment' : `in ${item.environments.join(', ')}`;
  const names = item.affects.join(', ');
  switch (item.scope) {
    case 'global':
      return `Every flag gives everyone its off variant ${where}.`;
    case 'service':
      return `Every flag that belongs to ${names} gives everyone its off variant ${where}.`;
    case 'feature':
      return `${names} ${item.affects.length === 1 ? 'gives everyone its' : 'give everyone their'} off variant ${where}.`;
    case 'user_segment':
      return `Every flag gives its off variant to everyone in ${names} ${where}.`;
    default:
      return `What ${names} covers gives its off variant ${where}.`;
  }
}
