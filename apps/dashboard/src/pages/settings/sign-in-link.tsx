import { useMutation } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ProblemNote } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';

/** A link that signs in another device or a colleague, once. */
export function SignInLink() {
  const make = useMutation({ mutationFn: () => ask('createSignInCode', {}) });
  return (
    <Section
      title="Sign in elsewhere"
      action={
        <Button busy={make.isPending} onClick={() => make.mutate()}>
          New sign-in link
        </Button>
      }
    >
      <p className="text-muted">
        A link signs in one other device, such as the phone you carry on call, with everything you may do. It works
        once, within ten minutes.
      </p>
      {make.isError ? <ProblemNote error={make.error} className="mt-2" /> : null}
      {make.data === undefined ? null : (
        <div className="mt-2">
          <CodeBlock label="Sign-in link" text={`${window.location.origin}/sign-in#code=${make.data.code}`} />
        </div>
      )}
    </Section>
  );
}
