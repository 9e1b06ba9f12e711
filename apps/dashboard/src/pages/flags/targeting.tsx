import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Environment, Flag, FlagEnvironment, FlagRule } from '../../documents.ts';
import { useSwitches } from '../../live/queries.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Switch } from '../../ui/switch.tsx';
import { toast } from '../../ui/toast.tsx';
import { changedFields, rebase } from './environment-changes.ts';
import { stateIn, summaryOf } from './flag-state.ts';
import { killedBy } from './killed.ts';
import { ReviewDialog } from './review-dialog.tsx';
import { RuleCard } from './rule-card.tsx';
import { ServeEditor } from './serve-editor.tsx';
import { missing, sharesOf } from './split.ts';
import { TargetsCard } from './targets-card.tsx';

/**
 * Who gets what in one environment, top to bottom as an evaluation reads it. Edits are a draft until they are reviewed;
 * what others save meanwhile is told, never mixed in silently.
 */
export function Targeting({ flag, environment }: { flag: Flag; environment: Environment }) {
  const [base, setBase] = useState(flag);
  const [draft, setDraft] = useState(() => stateIn(flag, environment.key));
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const [reviewing, setReviewing] = useState(false);
  // Cards hold what is being typed; a new round starts them afresh from the draft.
  const [round, setRound] = useState(0);
  const before = stateIn(base, environment.key);
  const dirty = changedFields(before, draft).length > 0;
  const dirtyNow = useRef(dirty);
  dirtyNow.current = dirty;

  // An untouched draft simply follows what is saved.
  useEffect(() => {
    if (dirtyNow.current) return;
    setBase(flag);
    setDraft(stateIn(flag, environment.key));
    setRound((current) => current + 1);
  }, [flag, environment.key]);

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);

  const set = (part: Partial<FlagEnvironment>) => setDraft((current) => ({ ...current, ...part }));
  const setBrokenRule = (id: string, isBroken: boolean) =>
    setBroken((current) => {
      if (current.has(id) === isBroken) return current;
      const next = new Set(current);
      if (isBroken) next.add(id);
      else next.delete(id);
      return next;
    });
  const reset = (to: Flag) => {
    setBase(to);
    setDraft(stateIn(to, environment.key));
    setBroken(new Set());
    setRound((current) => current + 1);
  };
  const unbalanced = [draft.fallthrough, ...draft.rules.map((rule) => rule.serve)].some(
    (serve) => missing(sharesOf(serve, flag.variants)) !== 0,
  );
  const killed = killedBy(flag, environment.key, useSwitches().data ?? []);
  const movedOn = dirty && flag.version > base.version;

  return (
    <div className="space-y-3">
      {killed.map((item) => (
        <Notice
          key={item.key}
          tone="bad"
          title={`Kill switch ${item.key} is fired: everyone gets ${before.off_variant}`}
          action={
            <a href="/emergency" className={buttonClass()}>
              Emergency page
            </a>
          }
        >
          It is obeyed before what is configured here; releasing it gives back exactly this.
        </Notice>
      ))}
      {movedOn ? (
        <Notice
          tone="warn"
          title={`Version ${flag.version} was saved while you edit version ${base.version}`}
          action={
            <div className="flex gap-2">
              <Button onClick={() => reset(flag)}>Discard mine</Button>
              <Button
                onClick={() => {
                  setDraft(rebase(before, draft, stateIn(flag, environment.key)));
                  setBase(flag);
                  setRound((current) => current + 1);
                }}
              >
                Put mine on top
              </Button>
            </div>
          }
        >
          Yours is not lost: the review shows both.
        </Notice>
      ) : null}

      <Card className="flex items-center gap-4 px-4 py-3">
        <Switch
          on={draft.enabled}
          label={`${flag.key} in ${environment.key}`}
          disabled={flag.lifecycle === 'archived'}
          onChange={(enabled) => set({ enabled })}
        />
        <div className="min-w-0 flex-1">
          <p className="font-medium">
            {draft.enabled ? 'On' : 'Off'} in {environment.key}
          </p>
          <p className="text-muted">{summaryOf(draft)}</p>
        </div>
        <div className="flex items-center gap-2 text-muted">
          <span className="hidden whitespace-nowrap sm:inline">When off</span>
          <Select
            aria-label="Variant when off"
            className="w-32!"
            value={draft.off_variant}
            onChange={(event) => set({ off_variant: event.target.value })}
          >
            {flag.variants.map((variant) => (
              <option key={variant.name}>{variant.name}</option>
            ))}
          </Select>
        </div>
      </Card>

      <ol className={draft.enabled ? 'space-y-3' : 'space-y-3 opacity-75'} aria-label="Order of evaluation">
        <li>
          <TargetsCard
            key={round}
            variants={flag.variants}
            targets={draft.targets}
            onChange={(targets) => set({ targets })}
          />
        </li>
        {draft.rules.map((rule, index) => (
          <li key={`${round} ${rule.id}`}>
            <RuleCard
              rule={rule}
              place={index + 1}
              last={index === draft.rules.length - 1}
              variants={flag.variants}
              isNew={!before.rules.some((other) => other.id === rule.id)}
              onChange={(next) => set({ rules: draft.rules.map((other) => (other.id === rule.id ? next : other)) })}
              onBroken={(isBroken) => setBrokenRule(rule.id, isBroken)}
              onRemove={() => {
                setBrokenRule(rule.id, false);
                set({ rules: draft.rules.filter((other) => other.id !== rule.id) });
              }}
              onMove={(by) => set({ rules: moved(draft.rules, index, by) })}
            />
          </li>
        ))}
        <li>
          <Button onClick={() => set({ rules: [...draft.rules, newRule(draft.rules, flag)] })}>
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
              onChange={(fallthrough) => set({ fallthrough })}
            />
            <p className="mt-3 text-muted text-xs">
              People are told apart by <code className="font-mono">{draft.bucketing.by}</code>; raising a percentage
              never takes anyone out.
            </p>
          </Card>
        </li>
      </ol>

      {dirty ? (
        <div
          data-bar=""
          className="sticky bottom-3 z-10 flex flex-wrap items-center gap-2 rounded-lg border border-line bg-raised px-4 py-2.5 shadow-lift"
        >
          <p className="min-w-0 flex-1 basis-40 font-medium" role="status">
            {unbalanced
              ? 'A split does not add up to 100 %'
              : broken.size > 0
                ? 'A condition is not complete'
                : `Unsaved changes in ${environment.key}`}
          </p>
          <Button onClick={() => reset(flag)}>Discard</Button>
          <Button look="primary" disabled={unbalanced || broken.size > 0} onClick={() => setReviewing(true)}>
            Review changes
          </Button>
        </div>
      ) : null}
      {reviewing ? (
        <ReviewDialog
          flag={base}
          environment={environment}
          draft={draft}
          title={`Change ${flag.key} in ${environment.key}?`}
          confirm={`Save to ${environment.key}`}
          onClose={() => setReviewing(false)}
          onSaved={(saved) => {
            reset(saved);
            toast('ok', `${saved.key} is saved in ${environment.key}, version ${saved.version}`);
          }}
        />
      ) : null}
    </div>
  );
}

function moved(rules: readonly FlagRule[], index: number, by: 1 | -1): FlagRule[] {
  const next = [...rules];
  const [rule] = next.splice(index, 1);
  if (rule !== undefined) next.splice(index + by, 0, rule);
  return next;
}

function newRule(rules: readonly FlagRule[], flag: Flag): FlagRule {
  const taken = new Set(rules.map((rule) => rule.id));
  let number = rules.length + 1;
  while (taken.has(`rule-${number}`)) number += 1;
  const variant = flag.variants.find(({ name }) => name !== 'off') ?? flag.variants[0];
  return {
    id: `rule-${number}`,
    when: { all: [{ attribute: 'email', operator: 'ends_with', values: ['@example.com'] }] },
    serve: { variant: variant?.name ?? 'on' },
  };
}
