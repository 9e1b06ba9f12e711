import { useState } from 'react';
import type { Environment, Flag } from '../../../documents.ts';
import { Ago, useNow } from '../../../ui/ago.tsx';
import { EnvironmentName } from '../../../ui/badge.tsx';
import { Empty, Loading, ProblemNote } from '../../../ui/notice.tsx';
import { Card, Mono } from '../../../ui/page.tsx';
import { percentWords } from '../../../ui/percent-words.ts';
import { Segmented } from '../../../ui/segmented.tsx';
import { Sparkline } from '../../../ui/sparkline.tsx';
import { Table, TableCell, TableRow } from '../../../ui/table.tsx';
import { Swatch } from '../share-bar.tsx';
import { variantColour } from '../variant-colour.ts';
import { isNew, KEPT_DAYS, lastEvaluated, RANGES, type Range, variantUsage } from './bins.ts';
import { type EnvironmentUsage, useFlagUsage } from './queries.ts';

const MINUTE_MS = 60_000;
/** One standard deviation, as the server's answer says in `unique_users`. */
const ERROR_PERCENT = 2.3;

/** What applications were answered, per environment and variant. */
export function UsageTab({ flag, environments }: { flag: Flag; environments: readonly Environment[] }) {
  const usage = useFlagUsage(flag.key);
  const [range, setRange] = useState<Range['id']>('7d');
  const found = RANGES.find(({ id }) => id === range) ?? RANGES[0];
  if (usage.data === undefined) {
    return usage.isError ? (
      <ProblemNote error={usage.error} onRetry={() => usage.refetch()} />
    ) : (
      <Loading rows={6} label="Loading usage" />
    );
  }
  const counted = usage.data.environments;
  if (lastEvaluated(counted) === undefined) {
    return (
      <Empty
        title={`No application has asked for it ${isNew(usage.data.created_at, Date.now()) ? 'yet' : `in ${KEPT_DAYS} days`}`}
      >
        Applications report what they answered from their own memory every ten seconds; evaluations over HTTP are
        counted at once. How to ask stands under Code.
      </Empty>
    );
  }
  const isSilent = ({ key }: Environment) => typeof counted[key]?.last_evaluated_at !== 'string';
  const [silent, asked] = [environments.filter(isSilent), environments.filter((one) => !isSilent(one))];
  return (
    <div className="space-y-4">
      <Segmented label="How far back" options={RANGES} value={found.id} onChange={setRange} />
      {usage.isError ? <ProblemNote error={usage.error} onRetry={() => usage.refetch()} /> : null}
      {asked.map((environment) => (
        <InEnvironment
          key={environment.key}
          environment={environment}
          usage={counted[environment.key]}
          variants={flag.variants.map(({ name }) => name)}
          range={found}
        />
      ))}
      {silent.length === 0 ? null : (
        <p className="text-muted">
          Not asked for in {KEPT_DAYS} days in {silent.map(({ key }) => key).join(', ')}.
        </p>
      )}
      <p className="text-muted text-xs">
        What people try out in the playground is not counted. Hours are kept for 35 days. Users are estimates from
        sketches that hold nobody's key, off by {ERROR_PERCENT} % on average; over several days they count days in UTC.
      </p>
    </div>
  );
}

function InEnvironment({
  environment,
  usage,
  variants,
  range,
}: {
  environment: Environment;
  usage: EnvironmentUsage | undefined;
  variants: readonly string[];
  range: Range;
}) {
  const now = useNow(MINUTE_MS);
  const rows = variantUsage(usage?.series ?? [], variants, range, now);
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  const most = Math.max(0, ...rows.flatMap(({ parts }) => parts));
  const users = usage?.unique_users[range.users];
  return (
    <Card>
      <header className="flex flex-wrap items-baseline gap-x-4 px-4 py-2.5">
        <h2 className="flex-1 whitespace-nowrap font-semibold">
          <EnvironmentName name={environment.key} isProtected={environment.protected} />
        </h2>
        <p className="numbers text-muted">
          {total.toLocaleString('en')} {total === 1 ? 'evaluation' : 'evaluations'}
          {users === undefined || users.total === 0
            ? ''
            : ` for ${about(users.total)} ${Math.round(users.total) === 1 ? 'user' : 'users'}`}
          {environment.unique_users ? '' : ', users are not counted'}
        </p>
        <p className="text-muted">
          {usage === undefined || usage.last_evaluated_at === null ? (
            'not in 35 days'
          ) : (
            <>
              last <Ago at={Date.parse(usage.last_evaluated_at)} />
            </>
          )}
        </p>
      </header>
      {total === 0 ? null : (
        <Table
          label={`Variants in ${environment.key}`}
          columns={[
            { id: 'variant', name: 'Variant', className: 'w-1/4' },
            { id: 'over-time', name: `Per ${range.part}` },
            { id: 'users', name: 'Users', align: 'right', className: 'w-24' },
            { id: 'count', name: 'Times', align: 'right', className: 'w-24' },
            { id: 'share', name: 'Share', align: 'right', className: 'w-20' },
          ]}
        >
          {rows.map(({ variant, place, total: count, parts }) => (
            <TableRow
              key={variant}
              heading={
                <span className="flex items-center gap-2">
                  <Swatch index={place} name={place === -1 ? 'off' : variant} />
                  <Mono>{variant}</Mono>
                  {place === -1 ? <span className="text-muted text-xs">(gone)</span> : null}
                </span>
              }
            >
              <TableCell className="min-w-12">
                <Sparkline
                  values={parts}
                  most={most}
                  colour={variantColour(place, place === -1 ? 'off' : variant)}
                  label={`${variant}: at most ${Math.max(...parts).toLocaleString('en')} per ${range.part}`}
                />
              </TableCell>
              <TableCell align="right">{about(users?.variants[variant] ?? 0)}</TableCell>
              <TableCell align="right">{count.toLocaleString('en')}</TableCell>
              <TableCell align="right" className="text-muted">
                {percentWords((count / total) * 100)}
              </TableCell>
            </TableRow>
          ))}
        </Table>
      )}
      <Configurations usage={usage} />
      <Others usage={usage} />
      <Exposed usage={usage} />
    </Card>
  );
}

/** Nobody is known to have asked: without a targeting key, or from an application that does not tell users apart. */
function about(users: number): string {
  return users === 0 ? '-' : `≈ ${users.toLocaleString('en')}`;
}

/** Which configurations the answers came from, as far as applications say it. */
function Configurations({ usage }: { usage: EnvironmentUsage | undefined }) {
  const known = Object.entries(usage?.configurations ?? {});
  return known.length === 0 ? null : (
    <p className="border-line border-t px-4 py-2 text-muted text-xs">
      Answered in 35 days:{' '}
      {known
        .map(([variant, { first, last }]) =>
          first === last ? `${variant} from configuration ${first}` : `${variant} from configurations ${first}-${last}`,
        )
        .join(', ')}
    </p>
  );
}

/** What applications report one by one, with the user, where they are told to. */
function Exposed({ usage }: { usage: EnvironmentUsage | undefined }) {
  const exposures = Object.entries(usage?.exposures ?? {});
  return exposures.length === 0 ? null : (
    <p className="border-line border-t px-4 py-2 text-muted text-xs">
      Exposures in 30 days:{' '}
      {exposures
        .map(
          ([variant, { events, users }]) =>
            `${variant} ${events.toLocaleString('en')} (${users.toLocaleString('en')} users)`,
        )
        .join(', ')}
    </p>
  );
}

/** A default in the code, or a value that is no variant: counted, but not by name. */
function Others({ usage }: { usage: EnvironmentUsage | undefined }) {
  if (usage === undefined) return null;
  const named = Object.values(usage.variants).reduce((sum, count) => sum + count, 0);
  const others = usage.evaluations - named;
  return others <= 0 ? null : (
    <p className="border-line border-t px-4 py-2 text-muted text-xs">
      {others.toLocaleString('en')} more in 35 days got none of the variants: a value of their own, or the code's
      default.
    </p>
  );
}
