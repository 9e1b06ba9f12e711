import { Plus } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Environment, Flag, FlagEnvironment, FlagRule } from '../../documents.ts';
import { useSegments } from '../../live/queries.ts';
import { Button } from '../../ui/button.tsx';
import { type FieldProblem, problemsIn, problemsUnder } from '../../ui/field-problems.tsx';
import { Card } from '../../ui/page.tsx';
import { attributesIn } from './attributes-in.ts';
import { BucketingEditor } from './bucketing-editor.tsx';
import { PrerequisitesCard } from './prerequisites-card.tsx';
import { RuleCard } from './rule-card.tsx';
import { RuleReach } from './rule-reach.tsx';
import { ServeEditor } from './serve-editor.tsx';
import { TargetsCard } from './targets-card.tsx';

interface TargetingFormProps {
  readonly flag: Flag;
  readonly environment: Environment;
  readonly saved: FlagEnvironment;
  readonly draft: FlagEnvironment;
  /** What the server refused of the draft as it was then. */
  readonly problems: readonly FieldProblem[];
  readonly onSet: (part: Partial<FlagEnvironment>) => void;
  readonly onBroken: (part: string, isBroken: boolean) => void;
}

/** The layers of an evaluation in their order: prerequisites, targets, rules, everyone else. */
export function TargetingForm({ flag, environment, saved, draft, problems, onSet, onBroken }: TargetingFormProps) {
  const segments = useSegments().data;
  const attributes = attributesIn(flag);
  const list = useRef<HTMLOListElement>(null);
  const focus = useMovedFocus(list);
  const refusedAt = useRefusedRules(problems, draft.rules);
  const withoutRule = (id: string) => {
    onBroken(`${id} when`, false);
    onBroken(`${id} serve`, false);
    onSet({ rules: draft.rules.filter((other) => other.id !== id) });
  };
  return (
    <ol ref={list} className="space-y-3" aria-label="Order of evaluation">
      <li>
        <PrerequisitesCard
          flag={flag}
          prerequisites={draft.prerequisites ?? []}
          problems={problemsIn(problems, '/prerequisites')}
          onChange={(prerequisites) => onSet({ prerequisites })}
        />
      </li>
      <li>
        <TargetsCard
          variants={flag.variants}
          targets={draft.targets}
          problems={problemsIn(problems, '/targets')}
          onChange={(targets) => onSet({ targets })}
        />
      </li>
      {draft.rules.map((rule, index) => (
        <li key={rule.id} data-rule={rule.id}>
          <RuleCard
            rule={rule}
            place={index + 1}
            flag={flag.key}
            last={index === draft.rules.length - 1}
            variants={flag.variants}
            type={flag.type}
            bucketing={draft.bucketing}
            segments={segments}
            attributes={attributes}
            isNew={!saved.rules.some((other) => other.id === rule.id)}
            reach={<RuleReach flag={flag} environment={environment} draft={draft} rule={rule} />}
            problems={refusedAt(rule.id)}
            onChange={(next) => onSet({ rules: draft.rules.map((other) => (other.id === rule.id ? next : other)) })}
            onBroken={(part, isBroken) => onBroken(`${rule.id} ${part}`, isBroken)}
            onRemove={() => withoutRule(rule.id)}
            onCopy={() =>
              onSet({ rules: draft.rules.toSpliced(index + 1, 0, { ...rule, id: freeRuleId(draft.rules) }) })
            }
            onMove={(by) => {
              focus(rule.id, by);
              onSet({ rules: moved(draft.rules, index, by) });
            }}
          />
        </li>
      ))}
      <li>
        <Button onClick={() => onSet({ rules: [...draft.rules, newRule(draft.rules, flag)] })}>
          <Plus className="size-4" aria-hidden="true" /> Add rule
        </Button>
      </li>
      <li>
        <Card className="px-4 py-3">
          <h2 className="mb-2 font-semibold">Everyone else gets</h2>
          <ServeEditor
            label="Everyone else"
            serve={draft.fallthrough}
            variants={flag.variants}
            type={flag.type}
            problems={problemsUnder(problems, '/fallthrough')}
            onChange={(fallthrough) => onSet({ fallthrough })}
            onBroken={(isBroken) => onBroken('fallthrough serve', isBroken)}
          />
          <BucketingEditor
            label="Everyone else"
            place={draft.bucketing}
            saved={saved.bucketing}
            problems={problemsUnder(problems, '/bucketing')}
            onChange={({ by, path, seed }) =>
              onSet({
                bucketing: { algorithm: 'spillway-1', by, ...(path === undefined ? {} : { path: [...path] }), seed },
              })
            }
          />
        </Card>
      </li>
    </ol>
  );
}

/** Problems name rules by their place when they were sent; this finds them again after rules were moved. */
function useRefusedRules(problems: readonly FieldProblem[], rules: readonly FlagRule[]) {
  const [seen, setSeen] = useState({ problems, ids: rules.map(({ id }) => id) });
  if (seen.problems !== problems) setSeen({ problems, ids: rules.map(({ id }) => id) });
  const { ids } = seen.problems === problems ? seen : { ids: rules.map(({ id }) => id) };
  return (id: string) => {
    const place = ids.indexOf(id);
    return place === -1 ? [] : problemsUnder(problems, `/rules/${place}`);
  };
}

/** A button that moved with its rule keeps the focus, so that it can be pressed again. */
function useMovedFocus(list: { readonly current: HTMLElement | null }) {
  const wanted = useRef<{ id: string; by: 1 | -1 } | undefined>(undefined);
  useLayoutEffect(() => {
    const { current } = wanted;
    if (current === undefined) return;
    wanted.current = undefined;
    const card = list.current?.querySelector(`[data-rule="${CSS.escape(current.id)}"]`);
    const button =
      card?.querySelector<HTMLElement>(`[data-move="${current.by}"]:not(:disabled)`) ??
      card?.querySelector<HTMLElement>('[data-open]');
    button?.focus();
  });
  return (id: string, by: 1 | -1) => {
    wanted.current = { id, by };
  };
}

function moved(rules: readonly FlagRule[], index: number, by: 1 | -1): FlagRule[] {
  const next = [...rules];
  const [rule] = next.splice(index, 1);
  if (rule !== undefined) next.splice(index + by, 0, rule);
  return next;
}

function freeRuleId(rules: readonly FlagRule[]): string {
  const taken = new Set(rules.map((rule) => rule.id));
  let number = rules.length + 1;
  while (taken.has(`rule-${number}`)) number += 1;
  return `rule-${number}`;
}

function newRule(rules: readonly FlagRule[], flag: Flag): FlagRule {
  const variant = flag.variants.find(({ name }) => name !== 'off') ?? flag.variants[0];
  return {
    id: freeRuleId(rules),
    when: { all: [{ attribute: 'email', operator: 'ends_with', values: ['@example.com'] }] },
    serve: { variant: variant?.name ?? 'on' },
  };
}
