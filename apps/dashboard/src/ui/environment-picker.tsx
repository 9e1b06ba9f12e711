import type { Environment } from '../documents.ts';
import { EnvironmentName } from './badge.tsx';
import { Select } from './field.tsx';
import { Segmented } from './segmented.tsx';

/** More than these would stand out of sight on a phone, and with them perhaps the chosen one. */
const FEW = 3;

/** One environment of all: side by side where they are few, otherwise a list that opens. */
export function EnvironmentPicker({
  environments,
  value,
  onChange,
}: {
  environments: readonly Environment[];
  value: string;
  onChange: (key: string) => void;
}) {
  if (environments.length > FEW) {
    return (
      <Select aria-label="Environment" value={value} onChange={(event) => onChange(event.target.value)}>
        {environments.map((item) => (
          <option key={item.key} value={item.key}>
            {item.key}
            {item.protected ? ' (protected)' : ''}
          </option>
        ))}
      </Select>
    );
  }
  return (
    <Segmented
      label="Environment"
      value={value}
      onChange={onChange}
      options={environments.map((item) => ({
        id: item.key,
        label: <EnvironmentName name={item.key} isProtected={item.protected} />,
      }))}
    />
  );
}
