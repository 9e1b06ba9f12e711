import type { CallOutput } from '@spillway/contract';
import { Link } from 'wouter';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Section } from '../../ui/page.tsx';
import { useDependents } from './queries.ts';

type Dependents = CallOutput<'segmentDependents'>;

export function isUsed({ flags, segments, switches }: Dependents): boolean {
  return flags.length + segments.length + switches.length > 0;
}

/** What a change of this segment reaches. */
export function UsedBy({ segmentKey }: { segmentKey: string }) {
  const dependents = useDependents(segmentKey);
  if (dependents.data === undefined) {
    return dependents.isError ? (
      <ProblemNote error={dependents.error} onRetry={() => dependents.refetch()} />
    ) : (
      <Loading rows={4} label="Looking for what uses it" />
    );
  }
  const { flags, segments, switches } = dependents.data;
  if (!isUsed(dependents.data)) {
    return <Empty title="Nothing uses it">Name it in a rule of a flag, in another segment or in a kill switch.</Empty>;
  }
  return (
    <div className="grid gap-x-6 md:grid-cols-3">
      <Users title="Flags" keys={flags} page={(key) => `/flags/${encodeURIComponent(key)}`} />
      <Users title="Segments" keys={segments} page={(key) => `/segments/${encodeURIComponent(key)}`} />
      <Users title="Kill switches" keys={switches} page={undefined} />
    </div>
  );
}

function Users({
  title,
  keys,
  page,
}: {
  title: string;
  keys: readonly string[];
  page: ((key: string) => string) | undefined;
}) {
  return (
    <Section title={`${title} (${keys.length})`}>
      {keys.length === 0 ? (
        <p className="text-muted">None.</p>
      ) : (
        <Card>
          <ul className="divide-y divide-line">
            {keys.map((key) => (
              <li key={key} className="px-3 py-2">
                {page === undefined ? (
                  <a href="/emergency" className="hover:text-accent hover:underline">
                    <Mono>{key}</Mono>
                  </a>
                ) : (
                  <Link href={page(key)} className="hover:text-accent hover:underline">
                    <Mono>{key}</Mono>
                  </Link>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Section>
  );
}
