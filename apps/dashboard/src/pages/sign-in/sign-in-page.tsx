import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { ask, problemOf } from '../../api.ts';
import { keys } from '../../live/keys.ts';
import { Logo } from '../../shell/logo.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useTitle } from '../../ui/page.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { codeIn, safeNext } from './code.ts';

/** Exchanges the link's one-time code for a session; says what to do when it no longer works. */
export function SignInPage() {
  useTitle('Sign in');
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [state, setState] = useState<{ is: 'asking' } | { is: 'checking' } | { is: 'refused'; error: unknown }>({
    is: 'asking',
  });

  const exchange = async (code: string) => {
    setState({ is: 'checking' });
    try {
      const session = await ask('signIn', { body: { code } });
      queries.setQueryData(keys.session, session);
      navigate(safeNext(new URLSearchParams(window.location.search).get('next')), { replace: true });
    } catch (error) {
      setState({ is: 'refused', error });
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the code in the address is taken once
  useEffect(() => {
    const code = codeIn(window.location.hash);
    if (code === undefined) return;
    // A code must not stay in the address bar or in the history.
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    void exchange(code);
  }, []);

  return (
    <main className="flex min-h-dvh items-center justify-center bg-surface p-4">
      <div className="w-full max-w-md rounded-xl border border-line bg-raised p-6 shadow-lift sm:p-8">
        <Logo />
        {state.is === 'checking' ? (
          <p role="status" className="mt-6 flex items-center gap-2 text-muted">
            <Spinner /> Signing you in…
          </p>
        ) : (
          <>
            <h1 className="mt-6 font-semibold text-xl tracking-tight">Sign in</h1>
            {state.is === 'refused' ? <Refused error={state.error} /> : null}
            <p className="mt-2 text-muted">
              There is no password. The server prints a link when it starts, and whenever this is run on its machine; it
              signs you in once, within ten minutes:
            </p>
            <div className="mt-3">
              <CodeBlock label="Command that prints a sign-in link" text="npx spillway login" />
            </div>
            <CodeForm onCode={exchange} />
          </>
        )}
      </div>
    </main>
  );
}

function Refused({ error }: { error: unknown }) {
  const problem = problemOf(error);
  const spent = problem.status === 401 || problem.status === 403 || problem.status === 404;
  return (
    <div role="alert" className="mt-3">
      <Notice tone="bad" title={spent ? 'This link no longer works' : problem.detail}>
        {spent
          ? 'A link works once, and for ten minutes. The command below prints a new one; whoever is signed in makes one under Settings.'
          : undefined}
      </Notice>
    </div>
  );
}

function CodeForm({ onCode }: { onCode: (code: string) => void }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCode(codeIn(text) ?? text.trim());
  };
  return (
    <form className="mt-5 flex items-end gap-2" onSubmit={submit}>
      <Field label="Link or code" className="flex-1">
        {(control) => (
          <Input
            {...control}
            value={text}
            required
            maxLength={2048}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Button look="primary" type="submit" disabled={text.trim() === ''}>
        Sign in
      </Button>
    </form>
  );
}
