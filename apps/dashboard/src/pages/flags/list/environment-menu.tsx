import { ChevronDown } from 'lucide-react';
import type { Environment } from '../../../documents.ts';
import { EnvironmentName } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Popover } from '../../../ui/popover.tsx';

/** Which environments have columns of their own. */
export function EnvironmentMenu({
  environments,
  wanted,
  onChange,
}: {
  environments: readonly Environment[];
  wanted: readonly string[];
  onChange: (keys: readonly string[]) => void;
}) {
  const toggle = (key: string) =>
    onChange(wanted.includes(key) ? wanted.filter((other) => other !== key) : [...wanted, key]);
  return (
    <Popover
      label="Environments in the list"
      trigger={
        <Button>
          Environments
          <ChevronDown className="size-3.5" aria-hidden="true" />
        </Button>
      }
    >
      <fieldset className="min-w-52 p-1">
        <legend className="px-1 pb-1 text-muted text-xs">Columns, as far as there is room</legend>
        {environments.map(({ key, protected: isProtected }) => (
          <label key={key} className="touch flex min-h-8 items-center gap-2 rounded-md px-1 hover:bg-sunken">
            <input
              type="checkbox"
              checked={wanted.includes(key)}
              onChange={() => toggle(key)}
              className="accent-accent"
            />
            <EnvironmentName name={key} isProtected={isProtected} />
          </label>
        ))}
        <Button look="quiet" className="mt-1 w-full" disabled={wanted.length === 0} onClick={() => onChange([])}>
          Choose for me
        </Button>
      </fieldset>
    </Popover>
  );
}
