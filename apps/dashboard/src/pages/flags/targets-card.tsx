import { useState } from 'react';
import type { FlagEnvironment, Variant } from '../../documents.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';

type Targets = FlagEnvironment['targets'];

/** People named one by one; looked up before any rule. */
export function TargetsCard({
  variants,
  targets,
  onChange,
}: {
  variants: readonly Variant[];
  targets: Targets;
  onChange: (targets: Targets) => void;
}) {
  const [open, setOpen] = useState(false);
  const count = targets.reduce((sum, target) => sum + target.keys.length, 0);
  return (
    <Card className="px-4 py-3">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">Individual targets</h2>
          <p className="break-words text-muted">
            {count === 0
              ? 'Nobody by name.'
              : targets
                  .filter((target) => target.keys.length > 0)
                  .map(
                    (target) =>
                      `${target.variant}: ${target.keys.slice(0, 5).join(', ')}${target.keys.length > 5 ? ` and ${target.keys.length - 5} more` : ''}`,
                  )
                  .join(' · ')}
          </p>
        </div>
        <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Done' : 'Edit'}
        </Button>
      </div>
      {open ? (
        <div className="mt-3 grid gap-3 sm:grid-cols-2">
          {variants.map((variant) => (
            <VariantKeys
              key={variant.name}
              variant={variant.name}
              keys={targets.find((target) => target.variant === variant.name)?.keys ?? []}
              onChange={(keys) =>
                onChange([
                  ...targets.filter((target) => target.variant !== variant.name),
                  ...(keys.length === 0 ? [] : [{ variant: variant.name, keys: [...keys] }]),
                ])
              }
            />
          ))}
        </div>
      ) : null}
    </Card>
  );
}

function VariantKeys({
  variant,
  keys,
  onChange,
}: {
  variant: string;
  keys: readonly string[];
  onChange: (keys: readonly string[]) => void;
}) {
  const [text, setText] = useState(() => keys.join('\n'));
  return (
    <Field label={`Always ${variant}`} hint="One targeting key per line.">
      {(control) => (
        <TextArea
          {...control}
          className="font-mono text-xs"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const lines = event.target.value.split('\n').map((line) => line.trim());
            onChange([...new Set(lines.filter((line) => line !== ''))]);
          }}
        />
      )}
    </Field>
  );
}
