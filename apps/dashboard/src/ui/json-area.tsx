import { useRef, useState } from 'react';
import { Field, TextArea } from './field.tsx';
import type { FieldProblem } from './field-problems.tsx';
import { Glyph } from './glyph.tsx';
import { placeIn } from './json-places.ts';

const MAX_ROWS = 32;

/** JSON as text. What the server refused is listed below, and leads to the place that it names. */
export function JsonArea({
  label,
  initial,
  problemOf,
  problems,
  onChange,
}: {
  label: string;
  /** What it starts from; a new `key` starts it afresh. */
  initial: string;
  /** What is wrong with a text before it is sent. */
  problemOf: (text: string) => string | undefined;
  problems: readonly FieldProblem[];
  onChange: (text: string) => void;
}) {
  const [text, setText] = useState(initial);
  const area = useRef<HTMLDivElement>(null);
  const goTo = (pointer: string) => {
    const place = placeIn(text, pointer);
    const element = area.current?.querySelector('textarea');
    if (place === undefined || !element) return;
    element.focus();
    element.setSelectionRange(place.start, place.end);
    const lineHeight = element.scrollHeight / text.split('\n').length;
    element.scrollTop = Math.max(0, (place.line - 4) * lineHeight);
  };
  return (
    <div ref={area}>
      <Field label={label} error={problemOf(text)}>
        {(control) => (
          <TextArea
            {...control}
            rows={Math.min(MAX_ROWS, Math.max(10, initial.split('\n').length + 1))}
            className="font-mono text-xs"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              onChange(event.target.value);
            }}
          />
        )}
      </Field>
      {problems.length === 0 ? null : (
        <ul className="mt-2 space-y-1">
          {problems.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <button type="button" className="touch text-left text-bad hover:underline" onClick={() => goTo(field)}>
                <Glyph sign="✖" /> line {placeIn(text, field)?.line ?? '?'}:{' '}
                <code className="break-all font-mono text-xs">{field === '' ? '/' : field}</code> {message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
