import { useMutation } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import type { Environment, Flag } from '../../documents.ts';
import { Select } from '../../ui/field.tsx';
import { Empty, Notice, ProblemNote } from '../../ui/notice.tsx';
import { useParameter } from '../../ui/url.ts';
import { type Answer, valueText } from './answer.ts';
import { AnswerCard } from './answer-card.tsx';
import { ContextForm } from './context-form.tsx';
import { readContext, useHeldContext } from './held-context.ts';
import { MomentInput } from './moment-input.tsx';
import type { Question } from './share.ts';
import { ShareButtons } from './share-buttons.tsx';

interface Answered {
  readonly question: Question;
  readonly answers: readonly { readonly environment: string; readonly answer: Answer }[];
}

/** "Why did this user get this?", answered by the server with the evaluator that every SDK runs. */
export function FlagPlayground({
  flag,
  environment,
  environments,
}: {
  flag: Flag;
  environment: Environment;
  environments: readonly Environment[];
}) {
  const [text, setText] = useHeldContext();
  const [compared, setCompared] = useParameter('with');
  const [at, setAt] = useParameter('at');
  const context = readContext(text);
  const other = environments.find(({ key }) => key === compared && key !== environment.key);
  const evaluate = useMutation({
    mutationFn: async (question: Question): Promise<Answered> => ({
      question,
      answers: await Promise.all(
        question.environments.map(async (key) => ({
          environment: key,
          answer: await ask('evaluateFlag', {
            params: { key: flag.key },
            body: {
              context: question.context,
              environment: key,
              trace: true,
              ...(question.at === undefined ? {} : { at: question.at }),
            },
          }),
        })),
      ),
    }),
  });
  const run = () => {
    if (!context.ok) return;
    evaluate.mutate({
      flag: flag.key,
      context: context.value,
      ...(at === '' ? {} : { at }),
      environments: [environment.key, ...(other === undefined ? [] : [other.key])],
    });
  };
  const answered = evaluate.data;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <ContextForm
        text={text}
        onChange={setText}
        onRun={run}
        busy={evaluate.isPending}
        environment={environment}
        action={other === undefined ? `Evaluate in ${environment.key}` : `Evaluate in both`}
      >
        <div className="mt-3 flex flex-wrap gap-3">
          <div className="flex items-center gap-2">
            <span aria-hidden="true" className="whitespace-nowrap text-muted">
              Compare with
            </span>
            <Select
              aria-label="Compare with"
              className="w-40!"
              value={other?.key ?? ''}
              onChange={(event) => setCompared(event.target.value)}
            >
              <option value="">nothing</option>
              {environments
                .filter(({ key }) => key !== environment.key)
                .map(({ key }) => (
                  <option key={key}>{key}</option>
                ))}
            </Select>
          </div>
        </div>
        <MomentInput at={at} onChange={setAt} />
      </ContextForm>
      <div aria-live="polite" className="min-w-0 space-y-3">
        {evaluate.isError ? <ProblemNote error={evaluate.error} /> : null}
        {answered === undefined ? (
          evaluate.isError ? null : (
            <Empty title="What would this user get?">Describe someone, then evaluate.</Empty>
          )
        ) : (
          <>
            <Difference answered={answered} />
            <div className={answered.answers.length > 1 ? 'grid items-start gap-3 xl:grid-cols-2' : ''}>
              {answered.answers.map(({ environment: key, answer }) => (
                <AnswerCard key={key} answer={answer} variants={flag.variants} environment={key} />
              ))}
            </div>
            <ShareButtons question={answered.question} answers={answered.answers} />
          </>
        )}
      </div>
    </div>
  );
}

function Difference({ answered }: { answered: Answered }) {
  const [first, second] = answered.answers;
  if (first === undefined || second === undefined) return null;
  const [here, there] = [valueText(first.answer), valueText(second.answer)];
  return here === there ? (
    <Notice tone="ok" title={`The same in ${first.environment} and ${second.environment}`} />
  ) : (
    <Notice tone="warn" title={`Different: ${here} in ${first.environment}, ${there} in ${second.environment}`} />
  );
}
