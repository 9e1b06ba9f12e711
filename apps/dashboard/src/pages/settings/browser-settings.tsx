import type { Environment } from '../../documents.ts';
import { Field, Select } from '../../ui/field.tsx';
import { KeyChips } from '../../ui/key-chips.tsx';

type BrowserSettingsDraft = Pick<Environment, 'client_contexts' | 'allowed_origins'>;

const CLIENT_CONTEXTS: Readonly<Record<Environment['client_contexts'], string>> = {
  any: 'whoever the page names',
  signed: 'signed contexts only',
};

/** What pages may do with the environment's client keys, which everybody can read. */
export function BrowserSettings({
  settings,
  onChange,
}: {
  settings: BrowserSettingsDraft;
  onChange: (change: Partial<BrowserSettingsDraft>) => void;
}) {
  return (
    <>
      <Field
        label="Client keys answer for"
        hint="With signed contexts, a page gets values only for users whom your server has vouched for."
      >
        {(control) => (
          <Select
            {...control}
            value={settings.client_contexts}
            onChange={(event) => onChange({ client_contexts: event.target.value as Environment['client_contexts'] })}
          >
            {Object.entries(CLIENT_CONTEXTS).map(([setting, words]) => (
              <option key={setting} value={setting}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div>
        <p className="mb-1 font-medium">Allowed origins</p>
        <KeyChips
          label="Allowed origins"
          keys={settings.allowed_origins}
          placeholder="https://shop.example.com"
          onChange={(origins) => onChange({ allowed_origins: [...origins] })}
        />
        <p className="mt-1 text-muted text-xs">
          Whose pages may use client keys, beside this server's own and those it was started with.
        </p>
      </div>
    </>
  );
}
