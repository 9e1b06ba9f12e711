import type { Flag } from '../../documents.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Section } from '../../ui/page.tsx';
import { curlSnippet, nodeSnippet } from './snippets.ts';

export function CodeTab({ flag }: { flag: Flag }) {
  return (
    <>
      <Section title="Node.js">
        <p className="mb-2 text-muted">
          Evaluates in your process: no request on the way, and the last configuration stays when the server is gone.
          The SDK key comes from{' '}
          <a className="text-accent underline" href="/settings">
            Settings
          </a>
          .
        </p>
        <CodeBlock label="Node.js snippet" text={nodeSnippet(flag, window.location.origin)} />
      </Section>
      <Section title="Any language, over HTTP">
        <CodeBlock label="curl command" text={curlSnippet(flag, window.location.origin)} />
      </Section>
    </>
  );
}
