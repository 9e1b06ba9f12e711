import type { CallOutput } from '@spillway/contract';
import type { Json } from '@spillway/evaluator';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api.ts';
import { describeCondition } from '../../conditions/describe-condition.ts';
import { parseJson } from '../../conditions/values.ts';
import type { Environment, Flag } from '../../documents.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Empty, ProblemNote } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { stateIn } from './flag-state.ts';

type Answer = CallOutput<'evaluateFlag'>;

const EXAMPLE = '{\n  "targetingKey": "user-42",\n  "email": "ana@example.com",\n  "country": "NZ"\n}';

/** "Why did this user get this?", answered by the server with the evaluator that every SDK runs. */
export function Playground({ flag, environment }: { flag: Flag; environment: Environment }) {
  const [text, setText] = useState(EXAMPLE);
  const parsed = parseJson(text);
  const context = parsed.ok ? contextOf(parsed.value) : undefined;
  const evaluate = useMutation({
    mutationFn: (input: { context: Record<string, Json>; environment: string }) =>
      ask('evaluateFlag', { params: { key: flag.key }, body: input }),
  });
  const run = () => {
    if (context !== undefined) evaluate.mutate({ context, environment: environment.key });
  };
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <Field
          label="Context"
          hint="targetingKey tells people apart; the rest is what rules may look at."
          error={parsed.ok ? (context === undefined ? 'must be an object' : undefined) : parsed.problem}
        >
          {(control) => (
            <TextArea
              {...control}
              rows={10}
              className="font-mono text-xs"
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) run();
              }}
            />
          )}
        </Field>
        <Button
          look="primary"
          type="submit"
          className="mt-3"
          disabled={context === undefined}
          busy={evaluate.isPending}
        >
          Evaluate in {environment.key}
        </Button>
      </form>
      <div aria-live="polite">
        {evaluate.isError ? <ProblemNote error={evaluate.error} /> : null}
        {evaluate.data === undefined ? (
          evaluate.isError ? null : (
            <Empty title="What would this user get?">Describe someone, then evaluate.</Empty>
          )
        ) : (
          <AnswerCard answer={evaluate.data} flag={flag} environment={evaluate.variables.environment} />
        )}
      </div>
    </div>
  );
}

function contextOf(value: Json): Record<string, Json> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...(value as Record<string, Json>) }
    : undefined;
}

const WHY: Readonly<Record<Answer['reason'], string>> = {
  STATIC: 'The flag serves this to everyone.',
  DEFAULT: 'No target and no rule matched, so the answer for everyone else was given.',
  TARGETING_MATCH: 'A rule matched.',
  SPLIT: 'This user’s place in the split decided.',
  DISABLED: 'The flag is off here, so the off variant was given.',
  ERROR: 'The evaluation failed; an application would use its own default.',
};

function why({ reason, flagMetadata: { killSwitch, rule } }: Answer): string {
  if (killSwitch !== undefined) return `Kill switch ${killSwitch} is fired and obeyed before everything else.`;
  if (reason === 'TARGETING_MATCH' && rule === undefined) return 'This user is named among the individual targets.';
  return WHY[reason];
}

function AnswerCard({ answer, flag, environment }: { answer: Answer; flag: Flag; environment: string }) {
  const { rule: ruleId, configuration, flagVersion } = answer.flagMetadata;
  const rule = stateIn(flag, environment).rules.find((candidate) => candidate.id === ruleId);
  const bad = answer.reason === 'ERROR';
  return (
    <Card className="divide-y divide-line">
      <div className="px-4 py-3">
        <p className="text-muted text-xs">In {environment} this user gets</p>
        <p className="mt-1 flex flex-wrap items-center gap-2">
          <code className="break-all font-medium font-mono text-lg">
            {answer.value === undefined ? 'the application’s default' : JSON.stringify(answer.value)}
          </code>
          {answer.variant === undefined ? null : <Badge tone="accent">{answer.variant}</Badge>}
          <Badge tone={bad ? 'bad' : 'neutral'} {...(bad ? { glyph: '✖' as const } : {})}>
            {answer.reason}
          </Badge>
        </p>
      </div>
      <div className="space-y-2 px-4 py-3">
        <p>{why(answer)}</p>
        {ruleId === undefined ? null : (
          <p className="break-words">
            <span className="text-muted">Rule </span>
            <span className="font-mono">{ruleId}</span>
            {rule === undefined ? null : <span className="text-muted">: if {describeCondition(rule.when)}</span>}
          </p>
        )}
        {answer.errorCode === undefined ? null : (
          <p className="text-bad">
            <span className="font-mono">{answer.errorCode}</span>
            {answer.errorMessage === undefined ? null : `: ${answer.errorMessage}`}
          </p>
        )}
        <p className="numbers text-muted text-xs">
          Configuration {configuration}
          {flagVersion === undefined ? null : ` · flag version ${flagVersion}`}
        </p>
      </div>
    </Card>
  );
}
