import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { buttonClass } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Card, Section } from '../../ui/page.tsx';

/** What to do with a new Spillway; gone with the first flag of one's own or the first rollout. */
export function FirstSteps() {
  return (
    <Section title="First steps">
      <ol className="grid gap-3 lg:grid-cols-3">
        <Step place={1} title="Create a flag" text="It starts off everywhere; turn it on in development first.">
          <Link href="/flags?new=1" className={buttonClass('primary')}>
            New flag
          </Link>
        </Step>
        <Step
          place={2}
          title="Ask for it in your code"
          text="It needs a key for one environment; what to write stands on the flag's page, under Code."
        >
          <Link href="/settings" className={buttonClass()}>
            Issue an SDK key
          </Link>
        </Step>
        <Step
          place={3}
          title="Watch a canary"
          text="A small shop, a good version and a broken one, on real traffic, in less than a minute."
        >
          <CodeBlock label="Run the demo" text="npm run demo" />
        </Step>
      </ol>
    </Section>
  );
}

function Step({ place, title, text, children }: { place: number; title: string; text: string; children: ReactNode }) {
  return (
    <li className="flex">
      <Card className="flex w-full flex-col gap-3 p-4">
        <div className="flex-1">
          <p className="font-semibold">
            <span className="text-muted">{place}. </span>
            {title}
          </p>
          <p className="text-muted">{text}</p>
        </div>
        <div>{children}</div>
      </Card>
    </li>
  );
}
