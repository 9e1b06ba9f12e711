import type { Environment, Flag } from '../../documents.ts';
import { EnvironmentName } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { Select } from '../../ui/field.tsx';
import { Glyph } from '../../ui/glyph.tsx';

/** More than these take the whole screen of a phone, where they are a list that opens instead. */
const FEW = 4;

/** One per environment, tinted so that nobody mistakes where they are: the protected ones carry a red edge. */
export function EnvironmentTabs(given: TabsProps) {
  if (given.environments.length <= FEW) return <Tabs {...given} className="flex" />;
  return (
    <>
      <EnvironmentList {...given} />
      <Tabs {...given} className="hidden sm:flex" />
    </>
  );
}

interface TabsProps {
  readonly flag: Flag;
  readonly environments: readonly Environment[];
  readonly chosen: Environment;
  /** Keys of those that hold changes which nobody saved. */
  readonly unsaved?: ReadonlySet<string>;
  readonly onChange: (key: string) => void;
}

function EnvironmentList({ flag, environments, chosen, unsaved, onChange }: TabsProps) {
  return (
    <Select
      aria-label="Environment"
      className={cx('mb-4 border-l-4! sm:hidden!', chosen.protected ? 'border-l-bad! bg-bad-tint!' : 'border-l-field!')}
      value={chosen.key}
      onChange={(event) => onChange(event.target.value)}
    >
      {environments.map(({ key }) => (
        <option key={key} value={key}>
          {key}: {flag.environments[key]?.enabled === true ? 'on' : 'off'}
          {unsaved?.has(key) === true ? ', unsaved' : ''}
        </option>
      ))}
    </Select>
  );
}

function Tabs({ flag, environments, chosen, unsaved, onChange, className }: TabsProps & { className: string }) {
  return (
    <fieldset className={cx('mb-4 flex-wrap gap-2', className)}>
      <legend className="sr-only">Environment</legend>
      {environments.map((item) => {
        const isOn = flag.environments[item.key]?.enabled === true;
        const isChosen = item.key === chosen.key;
        return (
          <label
            key={item.key}
            className={cx(
              'touch inline-flex h-9 shrink-0 grow items-center justify-center gap-2 whitespace-nowrap rounded-md border px-3 font-medium sm:grow-0',
              'has-focus-visible:outline-2 has-focus-visible:outline-accent',
              item.protected ? 'border-l-4 border-l-bad' : 'border-l-4 border-l-field',
              isChosen
                ? item.protected
                  ? 'border-y-bad/40 border-r-bad/40 bg-bad-tint text-text'
                  : 'border-y-accent/40 border-r-accent/40 bg-accent-tint text-text'
                : 'border-y-line border-r-line bg-raised text-muted hover:text-text',
            )}
          >
            <input
              type="radio"
              name="environment"
              className="sr-only"
              checked={isChosen}
              onChange={() => onChange(item.key)}
            />
            <EnvironmentName name={item.key} isProtected={item.protected} />
            <span className={cx('text-2xs', isOn ? 'text-ok' : 'text-muted')}>
              <Glyph sign={isOn ? '●' : '○'} /> {isOn ? 'on' : 'off'}
            </span>
            {unsaved?.has(item.key) === true ? (
              <span className="text-2xs text-warn" title={`Unsaved changes in ${item.key}`}>
                <Glyph sign="◌" /> unsaved
              </span>
            ) : null}
          </label>
        );
      })}
    </fieldset>
  );
}
