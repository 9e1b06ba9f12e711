import type { Environment } from '../../../documents.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Input, Select } from '../../../ui/field.tsx';
import { useFilters } from './list-query.ts';

const TYPES = ['boolean', 'string', 'number', 'json'] as const;

/** What narrows the list; each stands in the address, so that a list can be shared and gone back to. */
export function FilterBar({
  open,
  environments,
  owners,
  tags,
  managers,
}: {
  /** A phone shows the flags first, and what narrows them when it is asked for. */
  open: boolean;
  environments: readonly Environment[];
  /** Those seen so far, to be offered. */
  owners: readonly string[];
  tags: readonly string[];
  /** Where files keep flags. */
  managers: readonly string[];
}) {
  const { values, set, isAny, clear } = useFilters();
  return (
    <div className={cx('@container mb-3 items-start gap-2 sm:flex', open ? 'flex' : 'hidden')}>
      <div className="grid min-w-0 flex-1 grid-cols-2 gap-2 @lg:grid-cols-3 @2xl:grid-cols-[0.9fr_0.9fr_1.1fr_1.1fr_1.2fr_0.9fr]">
        <Suggested label="Tag" value={values.tag} options={tags} onChange={(tag) => set({ tag })} />
        <Suggested label="Owner" value={values.owner} options={owners} onChange={(owner) => set({ owner })} />
        <Select aria-label="Type" value={values.type} onChange={(event) => set({ type: event.target.value })}>
          <option value="">Any type</option>
          {TYPES.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </Select>
        <Select
          aria-label="State in an environment"
          value={values.env === '' ? '' : `${values.state} ${values.env}`}
          onChange={(event) => {
            const [state = '', env = ''] = event.target.value.split(' ');
            set({ state, env });
          }}
        >
          <option value="">On or off</option>
          {environments.map(({ key }) => (
            <optgroup key={key} label={key}>
              <option value={`on ${key}`}>on in {key}</option>
              <option value={`off ${key}`}>off in {key}</option>
            </optgroup>
          ))}
        </Select>
        <Select aria-label="Staleness" value={values.stale} onChange={(event) => set({ stale: event.target.value })}>
          <option value="">Stale or not</option>
          <option value="yes">Stale</option>
          <option value="no">Not stale</option>
        </Select>
        <Suggested
          label="Kept in files"
          placeholder="Kept in files"
          value={values.managed}
          options={managers}
          onChange={(managed) => set({ managed })}
        />
      </div>
      {isAny ? (
        <Button look="quiet" onClick={clear}>
          Clear filters
        </Button>
      ) : null}
    </div>
  );
}

function Suggested({
  label,
  placeholder = `Any ${label.toLowerCase()}`,
  value,
  options,
  onChange,
}: {
  label: string;
  placeholder?: string;
  value: string;
  options: readonly string[];
  onChange: (value: string) => void;
}) {
  const listId = `filter-${label.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <>
      <Input
        // What was typed and what the address says are one; a key pressed elsewhere may change it.
        key={value}
        aria-label={label}
        placeholder={placeholder}
        list={listId}
        maxLength={256}
        defaultValue={value}
        onChange={(event) => {
          const { value: typed } = event.target;
          if (typed === '' || options.includes(typed)) onChange(typed);
        }}
        onBlur={(event) => onChange(event.target.value.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange(event.currentTarget.value.trim());
        }}
      />
      <datalist id={listId}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </>
  );
}
