import { useFlag } from '../../live/queries.ts';
import { Mono } from '../../ui/page.tsx';

/** Some of a flag's variants; those that are chosen stay to be seen when the flag has them no more. */
export function VariantChoice({
  label,
  flag,
  chosen,
  onChange,
}: {
  label: string;
  flag: string;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const { data } = useFlag(flag, flag !== '');
  const names = [...new Set([...(data?.variants.map(({ name }) => name) ?? []), ...chosen])];
  return (
    <fieldset className="flex flex-wrap gap-x-3" aria-label={label}>
      {names.map((name) => (
        <label key={name} className="touch inline-flex items-center gap-1.5">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={chosen.includes(name)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
            }
          />
          <Mono>{name}</Mono>
        </label>
      ))}
    </fieldset>
  );
}
