import type { ReactNode } from 'react';
import type { Environment } from '../../documents.ts';

/** All of them unless some are chosen. */
export function EnvironmentBoxes({
  environments,
  chosen,
  onChange,
  children,
}: {
  environments: readonly Environment[];
  chosen: readonly string[] | undefined;
  onChange: (chosen: string[] | undefined) => void;
  children?: ReactNode;
}) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">May be on in</legend>
      <div className="flex flex-wrap gap-x-4">
        {environments.map(({ key }) => (
          <label key={key} className="touch inline-flex h-8 items-center gap-2">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={chosen === undefined || chosen.includes(key)}
              onChange={(event) => {
                const now = chosen ?? environments.map((environment) => environment.key);
                const next = event.target.checked ? [...now, key] : now.filter((other) => other !== key);
                onChange(environments.every((environment) => next.includes(environment.key)) ? undefined : next);
              }}
            />
            {key}
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  );
}
