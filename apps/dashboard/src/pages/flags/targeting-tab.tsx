import { useCallback } from 'react';
import type { Environment, Flag } from '../../documents.ts';
import { EnvironmentTabs } from './environment-tabs.tsx';
import { Targeting } from './targeting.tsx';

/** The environments of a flag, one shown; those that hold unsaved changes stay as they are behind it. */
export function TargetingTab({
  flag,
  environments,
  chosen,
  onChoose,
  unsaved,
  onUnsaved,
}: {
  flag: Flag;
  environments: readonly Environment[];
  chosen: Environment;
  onChoose: (key: string) => void;
  unsaved: ReadonlySet<string>;
  onUnsaved: (change: (before: ReadonlySet<string>) => ReadonlySet<string>) => void;
}) {
  const elsewhere = environments.filter(({ key }) => key !== chosen.key && unsaved.has(key));
  return (
    <>
      <EnvironmentTabs flag={flag} environments={environments} chosen={chosen} unsaved={unsaved} onChange={onChoose} />
      {elsewhere.length === 0 ? null : (
        <p role="status" className="-mt-2 mb-3 text-muted text-xs">
          Unsaved changes in {elsewhere.map(({ key }) => key).join(', ')} are kept until you leave this flag.
        </p>
      )}
      {environments.map((environment) =>
        environment.key === chosen.key || unsaved.has(environment.key) ? (
          <div key={environment.key} hidden={environment.key !== chosen.key}>
            <OneEnvironment flag={flag} environment={environment} onUnsaved={onUnsaved} />
          </div>
        ) : null,
      )}
    </>
  );
}

function OneEnvironment({
  flag,
  environment,
  onUnsaved,
}: {
  flag: Flag;
  environment: Environment;
  onUnsaved: (change: (before: ReadonlySet<string>) => ReadonlySet<string>) => void;
}) {
  const { key } = environment;
  const mark = useCallback(
    (isUnsaved: boolean) =>
      onUnsaved((before) => {
        if (before.has(key) === isUnsaved) return before;
        return isUnsaved ? before.union(new Set([key])) : before.difference(new Set([key]));
      }),
    [key, onUnsaved],
  );
  return <Targeting flag={flag} environment={environment} onUnsaved={mark} />;
}
