import { X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { cx } from './cx.ts';
import { Glyph } from './glyph.tsx';

const MAX_SUGGESTED = 50;

/**
 * A set of short texts (tags, segments, people): Enter or a comma adds what is typed, Backspace takes the last one
 * back, and a pasted list is taken apart.
 */
export function KeyChips({
  label,
  keys,
  onChange,
  suggestions,
  isKnown,
  placeholder = 'Add…',
  takesFocus = false,
  onOpen,
}: {
  label: string;
  keys: readonly string[];
  onChange: (keys: readonly string[]) => void;
  suggestions?: readonly string[] | undefined;
  /** Marks those that name nothing. */
  isKnown?: ((key: string) => boolean) | undefined;
  placeholder?: string;
  /** When it appears because somebody just asked for it. */
  takesFocus?: boolean;
  /** Makes each one a link to what it names. */
  onOpen?: ((key: string) => string) | undefined;
}) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, [takesFocus]);
  const add = (typed: string) => {
    setText('');
    const added = typed.split(/[,\n]/).map((part) => part.trim());
    const next = [...new Set([...keys, ...added.filter((part) => part !== '')])];
    if (next.length > keys.length) onChange(next);
  };
  const remove = (key: string) => {
    onChange(keys.filter((other) => other !== key));
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ',') {
      if (text.trim() === '' && event.key === 'Enter') return;
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && text === '') {
      const last = keys.at(-1);
      if (last !== undefined) remove(last);
    }
  };
  const offered = (suggestions ?? [])
    .filter((key) => !keys.includes(key) && key.toLowerCase().includes(text.trim().toLowerCase()))
    .slice(0, MAX_SUGGESTED);
  return (
    <div className="field flex h-auto! min-h-8 min-w-0 flex-1 flex-wrap items-center gap-1 px-1! py-[3px]! focus-within:outline-2 focus-within:outline-accent">
      {keys.map((key) => (
        <span
          key={key}
          className={cx(
            'inline-flex min-w-0 max-w-full items-center rounded-sm font-mono text-xs',
            isKnown?.(key) === false ? 'bg-bad-tint text-bad' : 'bg-sunken',
          )}
        >
          {isKnown?.(key) === false ? <Glyph sign="⚠" className="ml-1.5" /> : null}
          {onOpen === undefined ? (
            <span className="truncate py-0.5 pl-1.5">{key}</span>
          ) : (
            <a href={onOpen(key)} className="truncate py-0.5 pl-1.5 hover:text-accent hover:underline">
              {key}
            </a>
          )}
          <button
            type="button"
            aria-label={`Remove ${key} from ${label}`}
            className="flex h-6 w-6 shrink-0 items-center justify-center text-muted hover:text-text"
            onClick={() => remove(key)}
          >
            <X className="size-3" aria-hidden="true" />
          </button>
        </span>
      ))}
      <input
        ref={input}
        aria-label={label}
        list={offered.length > 0 ? listId : undefined}
        className="h-6 min-w-24 flex-1 bg-transparent px-1.5 font-mono text-xs outline-none"
        autoComplete="off"
        spellCheck={false}
        placeholder={keys.length === 0 ? placeholder : ''}
        value={text}
        onChange={(event) => {
          const { value } = event.target;
          const { inputType } = event.nativeEvent as InputEvent;
          // A suggestion that was chosen arrives whole; what is typed arrives letter by letter.
          const isChosen =
            (inputType ?? 'insertReplacementText') === 'insertReplacementText' && offered.includes(value);
          if (isChosen) add(value);
          else setText(value);
        }}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text');
          if (!/[,\n]/.test(pasted)) return;
          event.preventDefault();
          add(text + pasted);
        }}
        onBlur={() => (text.trim() === '' ? undefined : add(text))}
        onKeyDown={onKeyDown}
      />
      {offered.length > 0 ? (
        <datalist id={listId}>
          {offered.map((key) => (
            <option key={key} value={key} />
          ))}
        </datalist>
      ) : null}
    </div>
  );
}
