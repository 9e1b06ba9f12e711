import { useId, useState } from 'react';
import { useFlags } from '../../live/queries.ts';
import { Input } from '../../ui/field.tsx';
import { useSettled } from '../../ui/settled.ts';

/** The key of a flag, with those that match offered by the server as it is typed. */
export function FlagPicker({
  label,
  value,
  onChange,
  except,
  isWrong = false,
}: {
  label: string;
  value: string;
  onChange: (key: string) => void;
  except?: string;
  isWrong?: boolean;
}) {
  const listId = useId();
  const [typed, setTyped] = useState('');
  const flags = useFlags({ search: useSettled(typed.trim(), 150), lifecycle: 'active' });
  const keys = flags.data?.pages.flatMap((page) => page.items).map(({ key }) => key) ?? [];
  return (
    <>
      <Input
        aria-label={label}
        aria-invalid={isWrong}
        className="min-w-0 max-w-72 flex-1 font-mono"
        list={listId}
        maxLength={128}
        placeholder="flag"
        value={value}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(event.target.value);
        }}
      />
      <datalist id={listId}>
        {keys
          .filter((key) => key !== except)
          .map((key) => (
            <option key={key} value={key} />
          ))}
      </datalist>
    </>
  );
}
