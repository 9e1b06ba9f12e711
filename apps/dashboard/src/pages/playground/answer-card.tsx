import type { Variant } from '../../documents.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card, Mono } from '../../ui/page.tsx';
import { type Answer, valueText } from './answer.ts';
import { TraceSteps } from './trace-steps.tsx';
import { why } from './words.ts';

/** What the user gets, in OpenFeature's terms, and every step that led there. */
export function AnswerCard({
  answer,
  variants,
  environment,
}: {
  answer: Answer;
  variants: readonly Variant[];
  environment: string;
}) {
  const { configuration, flagVersion } = answer.flagMetadata;
  return (
    <Card className="divide-y divide-line">
      <div className="px-4 py-3">
        <p className="text-muted text-xs">In {environment} this user gets</p>
        <p className="mt-1 flex flex-wrap items-center gap-2">
          <code className="break-all font-medium font-mono text-lg">{valueText(answer)}</code>
          <AnswerBadges answer={answer} />
        </p>
        <p className="mt-1.5">{why(answer)}</p>
        {answer.errorCode === undefined ? null : (
          <p className="mt-1 break-words text-bad">
            <Mono>{answer.errorCode}</Mono>
            {answer.errorMessage === undefined ? null : `: ${answer.errorMessage}`}
          </p>
        )}
      </div>
      {answer.trace === undefined ? null : (
        <div className="px-4 py-3">
          <TraceSteps trace={answer.trace} variants={variants} />
        </div>
      )}
      <p className="numbers px-4 py-2 text-muted text-xs">
        Configuration {configuration}
        {flagVersion === undefined ? null : ` · flag version ${flagVersion}`}
      </p>
    </Card>
  );
}

/** Variant and reason, as an SDK's answer names them. */
export function AnswerBadges({ answer }: { answer: Pick<Answer, 'variant' | 'reason'> }) {
  const bad = answer.reason === 'ERROR';
  return (
    <>
      {answer.variant === undefined ? null : <Badge tone="accent">{answer.variant}</Badge>}
      <Badge tone={bad ? 'bad' : 'neutral'} {...(bad ? { glyph: '✖' as const } : {})}>
        {answer.reason}
      </Badge>
    </>
  );
}
