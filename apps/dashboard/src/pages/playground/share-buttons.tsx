import { FlaskConical, Link2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Mono } from '../../ui/page.tsx';
import type { Context } from './held-context.ts';
import {
  commandText,
  type EnvironmentAnswer,
  fixtureText,
  neededAttributes,
  type Question,
  redacted,
  shareAllLink,
  shareLink,
} from './share.ts';

interface Shared {
  readonly question: Question;
  readonly answers: readonly EnvironmentAnswer[];
}

/** Takes the question elsewhere: to a colleague, or into a test. */
export function ShareButtons(shared: Shared) {
  const [open, setOpen] = useState<'link' | 'test' | undefined>();
  const close = () => setOpen(undefined);
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => setOpen('link')}>
        <Link2 className="size-4" aria-hidden="true" /> Share link
      </Button>
      <Button onClick={() => setOpen('test')}>
        <FlaskConical className="size-4" aria-hidden="true" /> Make a test
      </Button>
      {open === 'link' ? (
        <LinkDialog
          context={shared.question.context}
          needed={neededAttributes(shared.answers)}
          linkOf={(context) => shareLink(shared.question, context, window.location.origin)}
          onClose={close}
        />
      ) : null}
      {open === 'test' ? <TestDialog {...shared} onClose={close} /> : null}
    </div>
  );
}

/** The question about every flag: each attribute may decide one of them, so all are kept until the person leaves some out. */
export function ShareAllButton({ asked }: { asked: Omit<Question, 'flag'> }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Link2 className="size-4" aria-hidden="true" /> Share link
      </Button>
      {open ? (
        <LinkDialog
          context={asked.context}
          kept={new Set(Object.keys(asked.context))}
          needed={new Set()}
          linkOf={(context) => shareAllLink(asked, context, window.location.origin)}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

function LinkDialog({
  context,
  needed,
  kept: keptFirst = needed,
  linkOf,
  onClose,
}: {
  context: Context;
  needed: ReadonlySet<string>;
  /** Left out: those that are needed. */
  kept?: ReadonlySet<string>;
  linkOf: (context: Context) => string;
  onClose: () => void;
}) {
  const [kept, setKept] = useState(keptFirst);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Share this question"
      description="What is left out of the context is not in the link. The rest stands after the #, which browsers send to no server."
    >
      <Attributes context={context} kept={kept} needed={needed} onChange={setKept} />
      <div className="mt-4">
        <CodeBlock label="Link" text={linkOf(redacted(context, kept))} />
      </div>
    </Dialog>
  );
}

function TestDialog({ question, answers, onClose }: Shared & { onClose: () => void }) {
  const [kept, setKept] = useState(() => neededAttributes(answers));
  const asked = { ...question, context: redacted(question.context, kept) };
  return (
    <Dialog
      open
      onClose={onClose}
      width="max-w-2xl"
      title="Make a test"
      description="Keep it beside your flags: what they answer today, to be checked when somebody changes them."
    >
      <Attributes context={question.context} kept={kept} needed={neededAttributes(answers)} onChange={setKept} />
      <div className="mt-4 space-y-4">
        <CodeBlock label="Fixture" text={fixtureText(asked, answers)} />
        <div>
          <h3 className="mb-1 font-medium">On the command line, from files</h3>
          <CodeBlock label="Command" text={commandText(asked, answers[0]?.environment ?? '')} />
        </div>
      </div>
    </Dialog>
  );
}

function Attributes({
  context,
  kept,
  needed,
  onChange,
}: {
  context: Context;
  kept: ReadonlySet<string>;
  needed: ReadonlySet<string>;
  onChange: (kept: ReadonlySet<string>) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">Of the context, keep</legend>
      <ul className="max-h-48 space-y-1 overflow-y-auto">
        {Object.keys(context).map((name) => (
          <li key={name}>
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={kept.has(name)}
                onChange={(event) => {
                  const next = new Set(kept);
                  if (event.target.checked) next.add(name);
                  else next.delete(name);
                  onChange(next);
                }}
              />
              <Mono>{name}</Mono>
              {needed.has(name) ? <span className="text-muted text-xs">the answer depends on it</span> : null}
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
