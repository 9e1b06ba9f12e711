import type { Problem } from '@spillway/contract';
import { client } from '../../api.ts';
import { labelled, openDialog, problemNote } from './dialogs.ts';
import { element, show } from './element.ts';
import { LOOKS } from './looks.ts';

const SCOPES = [
  ['feature', 'Features (flag keys)'],
  ['service', 'Services'],
  ['global', 'Everything'],
] as const;

type Scope = (typeof SCOPES)[number][0];

/** Makes a switch ready to fire, or makes and fires it in one step. */
export function askForNewSwitch(flagKeys: readonly string[], onDone: (text: string) => void): void {
  const key = element('input', {
    class: `${LOOKS.field} font-mono`,
    id: 'key',
    required: true,
    maxlength: '128',
    pattern: '[a-z0-9][a-z0-9._\\-]*',
    placeholder: 'payment-protection',
    autocomplete: 'off',
    autocapitalize: 'none',
  });
  const scope = element(
    'select',
    { class: LOOKS.field, id: 'scope' },
    ...SCOPES.map(([value, name]) => element('option', { value }, name)),
  );
  const affects = element('input', {
    class: `${LOOKS.field} font-mono`,
    id: 'affects',
    list: 'flag-keys',
    placeholder: 'checkout-v2, search-beta',
    autocomplete: 'off',
    autocapitalize: 'none',
  });
  const suggestions = element(
    'datalist',
    { id: 'flag-keys' },
    ...flagKeys.map((value) => element('option', { value })),
  );
  const environments = element('input', {
    class: `${LOOKS.field} font-mono`,
    id: 'environments',
    placeholder: 'all of them',
    autocomplete: 'off',
    autocapitalize: 'none',
  });
  const reason = element('input', { class: LOOKS.field, id: 'new-reason', maxlength: '2000', value: 'incident' });
  const affectsField = labelled('affects', 'What it turns off', affects, 'Keys, separated by commas.');
  scope.addEventListener('change', () => {
    affectsField.hidden = scope.value === 'global';
  });
  const create = element('button', { type: 'submit', name: 'create', class: LOOKS.plain }, 'Create, ready to fire');
  const fire = element('button', { type: 'submit', name: 'fire', class: LOOKS.danger }, 'Create and fire now');
  let firing = false;
  create.addEventListener('click', () => {
    firing = false;
  });
  fire.addEventListener('click', () => {
    firing = true;
  });
  const body = [
    labelled('key', 'Key', key),
    labelled('scope', 'Scope', scope),
    affectsField,
    labelled('environments', 'Environments', environments, 'Leave empty for all of them.'),
    labelled('new-reason', 'Reason', reason),
    suggestions,
  ];
  openDialog('New kill switch', body, [create, fire], async (problemPlace, close) => {
    const chosen = SCOPES.find(([value]) => value === scope.value)?.[0] ?? 'feature';
    const problem = await make(
      key.value,
      chosen,
      listed(affects.value),
      listed(environments.value),
      firing ? reason.value : undefined,
    );
    if (problem !== undefined) {
      show(problemPlace, problemNote(problem));
      return;
    }
    close();
    onDone(`${key.value} is ${firing ? 'fired' : 'ready'}`);
  });
  key.focus();
}

async function make(
  key: string,
  scope: Scope,
  affects: string[],
  environments: string[],
  fireReason: string | undefined,
): Promise<Problem | undefined> {
  const covered = { scope, environments, ...(scope === 'global' ? {} : { affects }) };
  const result =
    fireReason === undefined
      ? await client.call('createSwitch', { body: { key, ...covered } })
      : await client.call('activateSwitch', { params: { key }, body: { reason: fireReason, ...covered } });
  return result.ok ? undefined : result.problem;
}

function listed(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
