import type { ConditionTrace, SegmentTrace } from '@spillway/evaluator';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { cx } from '../../ui/cx.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Mono } from '../../ui/page.tsx';
import { actualText, expectedText } from './words.ts';

const JOINS = { all: 'all of', any: 'any of', not: 'not' } as const;
const OF_NO_PARTS = { all: 'no conditions: everyone', any: 'no conditions: nobody', not: 'not' } as const;

/** ✔ or ✖, for eyes and for ears. */
export function Mark({ met }: { met: boolean }) {
  return (
    <>
      <Glyph sign={met ? '✔' : '✖'} className={cx('mt-1', met ? 'text-ok' : 'text-muted')} />
      <span className="sr-only">{met ? 'holds: ' : 'does not hold: '}</span>
    </>
  );
}

/** What was asked of the context, and what it had to say, as deep as the condition goes. */
export function ConditionTree({ trace }: { trace: ConditionTrace }) {
  if (trace.is === 'comparison') {
    return (
      <Line met={trace.met}>
        <span className="font-mono text-xs/5">{expectedText(trace)}</span>{' '}
        <span className="text-muted text-xs/5">
          {trace.actual === undefined ? 'the context has none' : 'the context has '}
          {trace.actual === undefined ? null : <Mono className="text-text">{actualText(trace)}</Mono>}
        </span>
      </Line>
    );
  }
  if (trace.is === 'segment') return <SegmentTree trace={trace} />;
  if (trace.is === 'flag') {
    return (
      <Line met={trace.met}>
        <span className="text-muted">flag </span>
        <Link href={`/flags/${encodeURIComponent(trace.flag)}`} className="hover:text-accent hover:underline">
          <Mono>{trace.flag}</Mono>
        </Link>{' '}
        <span className="font-mono text-xs/5">serves {trace.expected.join(' or ')}</span>{' '}
        <span className="text-muted text-xs/5">
          it serves {trace.actual === undefined ? 'no variant' : <Mono className="text-text">{trace.actual}</Mono>}
        </span>
      </Line>
    );
  }
  const [only] = trace.parts;
  // A group of one says no more than its part.
  if (trace.is !== 'not' && trace.parts.length === 1 && only !== undefined) return <ConditionTree trace={only} />;
  return (
    <Line
      met={trace.met}
      below={trace.parts.map((part, index) => ({ id: `${index}`, node: <ConditionTree trace={part} /> }))}
    >
      <span className="text-muted">{trace.parts.length === 0 ? OF_NO_PARTS[trace.is] : JOINS[trace.is]}</span>
    </Line>
  );
}

function SegmentTree({ trace, word = 'in segment' }: { trace: SegmentTrace; word?: string }) {
  const { members, score, parents = [], exclusions = [] } = trace;
  const below = [
    ...trace.parts
      .filter((part) => !isEmpty(part))
      .map((part, index) => ({ id: `part ${index}`, node: <ConditionTree trace={part} /> })),
    ...(members === undefined
      ? []
      : [
          {
            id: 'members',
            node: (
              <Line met={members.listed}>
                {members.key === undefined ? 'the context has no key to look up in its list' : null}
                {members.key === undefined ? null : (
                  <>
                    its list {members.listed ? 'names' : 'does not name'} “<Mono>{members.key}</Mono>”
                  </>
                )}
              </Line>
            ),
          },
        ]),
    ...(score === undefined
      ? []
      : [
          {
            id: 'score',
            node: (
              <Line
                met={score.sum >= score.threshold}
                below={score.rules.map(({ weight, condition }, index) => ({
                  id: `${index}`,
                  node: (
                    <>
                      <span className="numbers text-muted text-xs">{condition.met ? `+${weight}` : `(${weight})`}</span>
                      <ConditionTree trace={condition} />
                    </>
                  ),
                }))}
              >
                scores <span className="numbers">{score.sum}</span>, needs{' '}
                <span className="numbers">{score.threshold}</span>
              </Line>
            ),
          },
        ]),
    ...parents.map((parent) => ({
      id: `parent ${parent.segment}`,
      node: <SegmentTree trace={parent} word="must be in segment" />,
    })),
    ...exclusions.map((exclusion) => ({
      id: `exclusion ${exclusion.segment}`,
      node: <SegmentTree trace={exclusion} word="must not be in segment" />,
    })),
  ];
  return (
    <Line met={trace.met} below={below}>
      <span className="text-muted">{word} </span>
      <Link href={`/segments/${encodeURIComponent(trace.segment)}`} className="hover:text-accent hover:underline">
        <Mono>{trace.segment}</Mono>
      </Link>
      {trace.problem === undefined ? null : <span className="text-bad"> {trace.problem}</span>}
    </Line>
  );
}

/** `{any: []}`, which stands where only a list or a score decides. */
function isEmpty(trace: ConditionTrace): boolean {
  return 'parts' in trace && trace.is !== 'segment' && trace.parts.length === 0;
}

function Line({
  met,
  children,
  below = [],
}: {
  met: boolean;
  children: ReactNode;
  below?: readonly { readonly id: string; readonly node: ReactNode }[];
}) {
  return (
    <>
      <div className="flex items-start gap-2">
        <Mark met={met} />
        <span className="min-w-0 flex-1 break-words">{children}</span>
      </div>
      {below.length === 0 ? null : (
        <ul className="mt-0.5 ml-[5px] space-y-0.5 border-line border-l pl-3">
          {below.map(({ id, node }) => (
            <li key={id}>{node}</li>
          ))}
        </ul>
      )}
    </>
  );
}
