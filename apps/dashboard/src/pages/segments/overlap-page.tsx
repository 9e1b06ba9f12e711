import { KeyChips } from '../../ui/key-chips.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Page, Section } from '../../ui/page.tsx';
import { percentWords } from '../../ui/percent-words.ts';
import { Table, TableCell, TableRow } from '../../ui/table.tsx';
import { useParameter } from '../../ui/url.ts';
import { type Overlap, useOverlap, useSegmentKeys } from './queries.ts';

/** Who is in several segments at once: per combination, as bars over a matrix of dots, and per pair. */
export function OverlapPage() {
  const [parameter, setParameter] = useParameter('segments');
  const chosen = parameter.split(',').filter((key) => key !== '');
  const known = useSegmentKeys().data;
  const overlap = useOverlap(chosen.length < 2 ? [] : chosen);
  return (
    <Page title="Overlap" about="Which users several segments have in common, counted among the stored profiles." wide>
      <div className="mb-5 max-w-3xl">
        <p className="mb-1 font-medium">Segments</p>
        <KeyChips
          label="Segments"
          keys={chosen}
          suggestions={known}
          isKnown={(key) => known?.includes(key) !== false}
          placeholder="Choose two or more"
          onChange={(keys) => setParameter(keys.join(','))}
        />
      </div>
      {chosen.length < 2 ? (
        <Empty title="Choose segments to compare">Two or more show who is in one, in several, or in all of them.</Empty>
      ) : overlap.isError ? (
        <ProblemNote error={overlap.error} onRetry={() => overlap.refetch()} />
      ) : overlap.data === undefined ? (
        <Loading rows={6} label="Counting" />
      ) : overlap.data.profiles === 0 ? (
        <Empty title="No profiles to count">Overlaps are counted among the profiles that you store.</Empty>
      ) : (
        <Report overlap={overlap.data} stale={overlap.isPlaceholderData} />
      )}
    </Page>
  );
}

function Report({ overlap, stale }: { overlap: Overlap; stale: boolean }) {
  const { profiles, sampled } = overlap;
  return (
    <div className={stale ? 'opacity-60' : ''}>
      <p className="mb-4 text-muted">
        {sampled === profiles
          ? profiles === 1
            ? 'There is one profile.'
            : `All ${profiles.toLocaleString('en')} profiles were looked at.`
          : `${sampled.toLocaleString('en')} of ${profiles.toLocaleString('en')} profiles were looked at; percentages are of those.`}
      </p>
      <Section title="Combinations">
        <Combinations overlap={overlap} />
      </Section>
      {overlap.pairs.length === 0 ? null : (
        <Section title="Pairs">
          <Pairs overlap={overlap} />
        </Section>
      )}
    </div>
  );
}

function Combinations({ overlap }: { overlap: Overlap }) {
  const { segments, none, sampled } = overlap;
  const rows = [
    ...overlap.combinations,
    { segments: [] as readonly string[], count: none, percentage: sampled === 0 ? 0 : (none / sampled) * 100 },
  ].toSorted((a, b) => b.count - a.count);
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <Card className="overflow-x-auto">
      <table className="w-full text-left">
        <thead>
          <tr className="border-line border-b text-xs">
            {segments.map(({ segment, count }) => (
              <th key={segment} scope="col" className="w-9 min-w-9 p-0 pt-3 align-bottom font-medium">
                <span
                  className="mx-auto block max-h-36 w-9 truncate pb-2 font-mono leading-9 [writing-mode:sideways-lr]"
                  title={`${segment}: ${count.toLocaleString('en')}`}
                >
                  {segment}
                </span>
              </th>
            ))}
            <th scope="col" className="px-3 pb-2 text-right align-bottom font-medium text-muted">
              Users
            </th>
            <th scope="col" className="w-full px-3 pb-2 align-bottom font-medium text-muted">
              Share
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.segments.join(',')} className="hover:bg-surface">
              {segments.map(({ segment }, column) => (
                <td key={segment} className="h-9 p-0">
                  <Dot
                    isIn={row.segments.includes(segment)}
                    segment={segment}
                    line={span(row.segments, segments, column)}
                  />
                </td>
              ))}
              <td className="numbers whitespace-nowrap px-3 text-right font-medium">
                {row.count.toLocaleString('en')}
                {row.segments.length === 0 ? (
                  <span className="block font-normal text-muted text-xs">in none</span>
                ) : null}
              </td>
              <td className="px-3">
                <div className="flex items-center gap-2">
                  <svg
                    viewBox="0 0 100 10"
                    preserveAspectRatio="none"
                    className="h-3 w-0 min-w-8 flex-1"
                    aria-hidden="true"
                  >
                    <rect
                      width={(row.count / most) * 100}
                      height="10"
                      className={row.segments.length === 0 ? 'fill-field' : 'fill-accent'}
                    />
                  </svg>
                  <span className="numbers w-12 shrink-0 whitespace-nowrap text-right text-muted text-xs">
                    {percentWords(row.percentage)}
                  </span>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

type Line = 'none' | 'from' | 'through' | 'to';

/** Dots of one combination are joined by a line from the first to the last. */
function span(members: readonly string[], columns: Overlap['segments'], column: number): Line {
  const places = columns.flatMap(({ segment }, index) => (members.includes(segment) ? [index] : []));
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined || first === last || column < first || column > last) return 'none';
  if (column === first) return 'from';
  return column === last ? 'to' : 'through';
}

function Dot({ isIn, segment, line }: { isIn: boolean; segment: string; line: Line }) {
  const [from, to] = { none: [18, 18], from: [18, 36], through: [0, 36], to: [0, 18] }[line];
  return (
    <svg
      viewBox="0 0 36 36"
      className="mx-auto block size-9"
      role="img"
      aria-label={isIn ? `in ${segment}` : `not in ${segment}`}
    >
      {line === 'none' ? null : <line x1={from} x2={to} y1="18" y2="18" className="stroke-accent" strokeWidth="3" />}
      <circle
        cx="18"
        cy="18"
        r="6"
        className={isIn ? 'fill-accent stroke-accent' : 'fill-raised stroke-field'}
        strokeWidth="1.5"
      />
    </svg>
  );
}

function Pairs({ overlap }: { overlap: Overlap }) {
  return (
    <Card>
      <Table
        label="Pairs"
        columns={[
          { id: 'pair', name: 'Pair' },
          { id: 'both', name: 'In both', align: 'right' },
          { id: 'share', name: 'That is' },
        ]}
      >
        {overlap.pairs.map(({ segments, count, percentage_of_each }) => (
          <TableRow key={segments.join(',')} heading={<Mono>{segments.join(' + ')}</Mono>}>
            <TableCell align="right">{count.toLocaleString('en')}</TableCell>
            <TableCell className="text-muted">
              {segments
                .map((segment, index) => {
                  const share = percentage_of_each[index];
                  return share === null || share === undefined
                    ? `${segment} is empty`
                    : `${percentWords(share)} of ${segment}`;
                })
                .join(', ')}
            </TableCell>
          </TableRow>
        ))}
      </Table>
    </Card>
  );
}
