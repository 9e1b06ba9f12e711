import { Link } from 'wouter';
import type { Environment } from '../../documents.ts';
import { useFlagCount } from '../../live/queries.ts';
import { Card, Section } from '../../ui/page.tsx';

/** How many flags there are, reach users, and are ready to go; each number opens the list of them. */
export function FlagCounts({ active, environment }: { active: number; environment: Environment | undefined }) {
  const on = useFlagCount(environment === undefined ? {} : { environment: environment.key, enabled: true });
  const stale = useFlagCount({ stale: true });
  const numbers = [
    { name: 'Active flags', value: active, href: '/flags' },
    ...(environment === undefined
      ? []
      : [
          {
            name: `On in ${environment.key}`,
            value: on.data,
            href: `/flags?env=${encodeURIComponent(environment.key)}&state=on`,
          },
        ]),
    { name: 'Stale', value: stale.data, href: '/flags?stale=yes' },
  ];
  return (
    <Section title="Flags">
      <dl className="grid grid-cols-3 gap-2 sm:max-w-xl">
        {numbers.map(({ name, value, href }) => (
          <Card key={name} className="flex min-w-0 flex-col justify-between px-3 py-3 sm:px-4">
            <dt className="wrap-anywhere text-muted text-xs">{name}</dt>
            <dd>
              <Link href={href} className="numbers font-semibold text-xl hover:text-accent">
                {value?.toLocaleString('en') ?? '–'}
              </Link>
            </dd>
          </Card>
        ))}
      </dl>
    </Section>
  );
}
