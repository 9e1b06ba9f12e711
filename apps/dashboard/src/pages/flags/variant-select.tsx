import type { Variant } from '../../documents.ts';
import { Select } from '../../ui/field.tsx';

export function VariantSelect({
  label,
  variants,
  value,
  onChange,
  className = 'w-36!',
}: {
  label: string;
  variants: readonly Variant[];
  value: string;
  onChange: (value: string) => void;
  className?: string;
}) {
  return (
    <Select aria-label={label} className={className} value={value} onChange={(event) => onChange(event.target.value)}>
      {variants.some(({ name }) => name === value) ? null : <option value={value}>{value}</option>}
      {variants.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}
