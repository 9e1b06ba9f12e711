import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import type { Flag } from '../../documents.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Section } from '../../ui/page.tsx';
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
      <Section title="Where code names it">
        <References flagKey={flag.key} />
      </Section>
    </>
  );
}

function References({ flagKey }: { flagKey: string }) {
  const query = useQuery({
    queryKey: ['flags', 'references', flagKey],
    queryFn: ({ signal }) => ask('flagReferences', { params: { key: flagKey }, signal }),
  });
  if (query.isError) return <ProblemNote error={query.error} onRetry={() => query.refetch()} />;
  if (query.data === undefined) return <Loading rows={2} />;
  const { references } = query.data;
  if (references.length === 0) {
    return (
      <p className="text-muted">
        No repository has told where it names this flag. A build tells it with{' '}
        <Mono>spillway flags references --upload</Mono>.
      </p>
    );
  }
  return (
    <Card>
      <ul className="divide-y divide-line">
        {references.map(({ repository, revision, path, line, text }) => (
          <li key={`${repository} ${path} ${line}`} className="px-4 py-2">
            <p className="break-words">
              <Mono>
                {path}:{line}
              </Mono>{' '}
              <span className="text-muted text-xs">
                {repository}
                {revision === undefined ? '' : ` at ${revision.slice(0, 12)}`}
              </span>
            </p>
            {text === undefined ? null : <pre className="overflow-x-auto font-mono text-muted text-xs">{text}</pre>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
