import { counted } from '@spillway/core/wording';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api.ts';
import type { Environment } from '../../documents.ts';
import { preferredEnvironment } from '../../live/preferred-environment.ts';
import { useEnvironments, useFlag } from '../../live/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EnvironmentPicker } from '../../ui/environment-picker.tsx';
import { Input } from '../../ui/field.tsx';
import { Empty, Loading, ProblemNote } from '../../ui/notice.tsx';
import { Card, Mono, Page } from '../../ui/page.tsx';
import { useParameter } from '../../ui/url.ts';
import { type Answer, valueText } from './answer.ts';
import { AnswerBadges } from './answer-card.tsx';
import { ContextForm } from './context-form.tsx';
import { type Context, readContext, useHeldContext } from './held-context.ts';
import { MomentInput } from './moment-input.tsx';
import { ShareAllButton } from './share-buttons.tsx';
import { TraceSteps } from './trace-steps.tsx';
import { why } from './words.ts';

interface AllFlagsQuestion {
  readonly context: Context;
  readonly environment: string;
  readonly at?: string;
}

/** Rows drawn at once; a context may be asked about thousands of flags. */
const PAGE = 100;

/** What one user gets of every flag, and why. */
export function PlaygroundPage() {
  const environments = useEnvironments();
  return (
    <Page
      title="Playground"
      about="What does this user get, of every flag, and why? Asked of the evaluator that every SDK runs."
      wide
    >
      {environments.isError ? (
        <ProblemNote error={environments.error} onRetry={() => environments.refetch()} />
      ) : environments.data === undefined ? (
        <Loading rows={8} />
      ) : (
        <EveryFlag environments={environments.data} />
      )}
    </Page>
  );
}

function EveryFlag({ environments }: { environments: readonly Environment[] }) {
  const preferred = preferredEnvironment(environments);
  const [chosen, setChosen] = useParameter('env', preferred?.key ?? '');
  const [text, setText] = useHeldContext();
  const [at, setAt] = useParameter('at');
  const context = readContext(text);
  const evaluate = useMutation({
    mutationFn: async (question: AllFlagsQuestion) => ({
      question,
      ...(await ask('evaluateFlags', { body: question })),
    }),
  });
  if (preferred === undefined) return <Empty title="No environments">Create one in the settings.</Empty>;
  const run = () => {
    if (context.ok) evaluate.mutate({ context: context.value, environment: chosen, ...(at === '' ? {} : { at }) });
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <div>
        <div className="mb-3">
          <EnvironmentPicker environments={environments} value={chosen} onChange={setChosen} />
        </div>
        <ContextForm
          text={text}
          onChange={setText}
          onRun={run}
          busy={evaluate.isPending}
          environment={environments.find(({ key }) => key === chosen) ?? preferred}
          action="Evaluate all flags"
        >
          <MomentInput at={at} onChange={setAt} />
        </ContextForm>
      </div>
      <div aria-live="polite" className="min-w-0">
        {evaluate.isError ? <ProblemNote error={evaluate.error} className="mb-3" /> : null}
        {evaluate.data === undefined ? (
          evaluate.isError ? null : (
            <Empty title="What would this user get?">Describe someone, then evaluate every flag at once.</Empty>
          )
        ) : (
          <Answers {...evaluate.data} />
        )}
      </div>
    </div>
  );
}

function Answers({
  question,
  configuration,
  evaluations,
}: {
  question: AllFlagsQuestion;
  configuration: number;
  evaluations: readonly Answer[];
}) {
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState(PAGE);
  const wanted = filter.trim().toLowerCase();
  const matching = evaluations.filter(
    ({ flagKey, variant = '', reason }) =>
      flagKey.includes(wanted) || variant.includes(wanted) || reason.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <Input
          type="search"
          data-search=""
          aria-label="Filter answers"
          placeholder="Filter by flag, variant or reason…"
          className="w-full! sm:w-72!"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <p className="numbers min-w-0 flex-1 text-muted text-xs">
          {matching.length} of {counted(evaluations.length, 'flag')} · configuration {configuration} ·{' '}
          {question.environment}
        </p>
        <ShareAllButton
          asked={{
            context: question.context,
            environments: [question.environment],
            ...(question.at === undefined ? {} : { at: question.at }),
          }}
        />
      </div>
      {matching.length === 0 ? (
        <Empty title={evaluations.length === 0 ? 'No flags here yet' : `No answer matches “${filter.trim()}”`} />
      ) : (
        <Card>
          <ul className="divide-y divide-line">
            {matching.slice(0, shown).map((answer) => (
              <AnswerRow key={answer.flagKey} answer={answer} question={question} />
            ))}
          </ul>
        </Card>
      )}
      {matching.length > shown ? (
        <div className="mt-4 text-center">
          <Button onClick={() => setShown(shown + PAGE)}>Show more</Button>
        </div>
      ) : null}
    </>
  );
}

function AnswerRow({ answer, question }: { answer: Answer; question: AllFlagsQuestion }) {
  const [open, setOpen] = useState(false);
  return (
    <li className="px-4 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1 basis-52 break-words">
          <Link
            href={`/flags/${encodeURIComponent(answer.flagKey)}?tab=playground&env=${encodeURIComponent(question.environment)}`}
            className="font-medium hover:text-accent hover:underline"
          >
            <Mono>{answer.flagKey}</Mono>
          </Link>
        </p>
        <code className="max-w-64 truncate font-mono text-xs">{valueText(answer)}</code>
        <AnswerBadges answer={answer} />
        <button
          type="button"
          aria-expanded={open}
          className="touch rounded-sm px-1 font-medium text-accent text-xs hover:underline"
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide' : 'Why'}
          <span className="sr-only"> {answer.flagKey}</span>
        </button>
      </div>
      {open ? <Why flagKey={answer.flagKey} question={question} /> : null}
    </li>
  );
}

/** Asked only when somebody wants to know: the traces of all flags together would be megabytes. */
function Why({ flagKey, question }: { flagKey: string; question: AllFlagsQuestion }) {
  const flag = useFlag(flagKey);
  const evaluate = useTraced(flagKey, question);
  if (evaluate.isError) return <ProblemNote error={evaluate.error} className="mt-2" />;
  if (evaluate.data === undefined) return <Loading rows={2} />;
  return (
    <div className="mt-2 space-y-2">
      <p className="text-muted">{why(evaluate.data)}</p>
      {evaluate.data.trace === undefined ? null : (
        <TraceSteps trace={evaluate.data.trace} variants={flag.data?.variants ?? []} />
      )}
    </div>
  );
}

function useTraced(flagKey: string, question: AllFlagsQuestion) {
  return useQuery({
    queryKey: ['flags', 'why', flagKey, question],
    queryFn: ({ signal }) =>
      ask('evaluateFlag', { params: { key: flagKey }, body: { ...question, trace: true }, signal }),
  });
}
