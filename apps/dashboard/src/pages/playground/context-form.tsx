import type { ReactNode } from 'react';
import type { Environment } from '../../documents.ts';
import { PickRecent } from '../../review/pick-recent.tsx';
import { COMMAND_KEY } from '../../shell/platform.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Key } from '../../ui/page.tsx';
import { formatContext, readContext } from './held-context.ts';

/** Who is asking: the context as JSON, checked as it is typed. */
export function ContextForm({
  text,
  onChange,
  onRun,
  busy,
  environment,
  action,
  children,
}: {
  text: string;
  onChange: (text: string) => void;
  onRun: () => void;
  busy: boolean;
  /** Where those to choose from were asked for. */
  environment: Environment;
  /** What the button says. */
  action: string;
  /** More of the question, and what can be done with it. */
  children?: ReactNode;
}) {
  const context = readContext(text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (context.ok) onRun();
      }}
    >
      <Field
        label="Context"
        hint="targetingKey tells people apart; the rest is what rules may look at."
        error={context.ok ? undefined : context.problem}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={10}
            className="font-mono text-xs"
            value={text}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && context.ok) onRun();
            }}
          />
        )}
      </Field>
      {environment.recent_contexts === 'off' ? null : (
        <div className="mt-3">
          <PickRecent
            environment={environment.key}
            words={
              environment.recent_contexts === 'hashed'
                ? 'Or one, with its key hashed, that was asked for lately in'
                : 'Or one that was asked for lately in'
            }
            onPick={(picked) => onChange(formatContext(picked))}
          />
        </div>
      )}
      {children}
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button look="primary" type="submit" disabled={!context.ok} busy={busy}>
          {action}
        </Button>
        <span className="hidden text-muted text-xs sm:inline">
          <Key>{COMMAND_KEY}</Key> <Key>Enter</Key>
        </span>
      </div>
    </form>
  );
}
