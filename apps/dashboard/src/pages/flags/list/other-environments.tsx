import { ChevronDown } from 'lucide-react';
import type { Environment, Flag } from '../../../documents.ts';
import { EnvironmentName } from '../../../ui/badge.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { EnvironmentSwitch } from '../environment-switch.tsx';
import { stateIn } from '../flag-state.ts';

/** How many of the environments without a column have the flag on; opened, their switches. */
export function OtherEnvironments({ flag, environments }: { flag: Flag; environments: readonly Environment[] }) {
  const on = environments.filter(({ key }) => stateIn(flag, key).enabled).length;
  return (
    <Popover
      label={`${flag.key} in other environments`}
      trigger={
        <button
          type="button"
          className="touch numbers inline-flex h-7 items-center justify-center gap-1 whitespace-nowrap rounded-md px-1.5 text-muted text-xs hover:bg-sunken hover:text-text"
        >
          <span className="sr-only">{flag.key} is on in </span>
          {on} of {environments.length}
          <span className="sr-only"> other environments</span>
          <ChevronDown className="size-3.5" aria-hidden="true" />
        </button>
      }
    >
      <ul className="min-w-52">
        {environments.map((environment) => (
          <li key={environment.key} className="flex min-h-8 items-center justify-between gap-4 px-2">
            <span className="min-w-0 break-words">
              <EnvironmentName name={environment.key} isProtected={environment.protected} />
            </span>
            <EnvironmentSwitch flag={flag} environment={environment} />
          </li>
        ))}
      </ul>
    </Popover>
  );
}
