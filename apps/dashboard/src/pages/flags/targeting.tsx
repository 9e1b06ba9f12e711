import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { Environment, Flag, FlagEnvironment } from '../../documents.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Select } from '../../ui/field.tsx';
import type { FieldProblem } from '../../ui/field-problems.tsx';
import { JsonArea } from '../../ui/json-area.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Switch } from '../../ui/switch.tsx';
import { toast } from '../../ui/toast.tsx';
import { useParameter } from '../../ui/url.ts';
import { changedFields, rebase } from './environment-changes.ts';
import { formatState, parseState } from './environment-json.ts';
import { stateIn, summaryOf } from './flag-state.ts';
import { KilledNotice } from './killed-notice.tsx';
import { serveFault } from './serve.ts';
import { TargetingForm } from './targeting-form.tsx';

const loadReview = () => import('./review-dialog.tsx');
const ReviewDialog = lazy(async () => ({ default: (await loadReview()).ReviewDialog }));

const NONE: readonly FieldProblem[] = [];
const VIEWS = [
  { id: 'form', label: 'Form' },
  { id: 'json', label: 'JSON' },
] as const;

/**
 * Who gets what in one environment, top to bottom as an evaluation reads it. Edits are a draft until they are reviewed;
 * what others save meanwhile is told, never mixed in silently.
 */
export function Targeting({
  flag,
  environment,
  onUnsaved,
}: {
  flag: Flag;
  environment: Environment;
  /** Told whether there is something to lose. */
  onUnsaved: (isUnsaved: boolean) => void;
}) {
  const [base, setBase] = useState(flag);
  const [draft, setDraft] = useState(() => stateIn(flag, environment.key));
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState(NONE);
  const [reviewing, setReviewing] = useState(false);
  const [view, setView] = useParameter('as', 'form');
  // Cards hold what is being typed; a new round starts them afresh from the draft.
  const [round, setRound] = useState(0);
  const before = stateIn(base, environment.key);
  const dirty = changedFields(before, draft).length > 0;
  const unsaved = dirty || broken.size > 0;
  const dirtyNow = useRef(unsaved);
  dirtyNow.current = unsaved;

  // An untouched draft simply follows what is saved.
  useEffect(() => {
    if (dirtyNow.current) return;
    setBase(flag);
    setDraft(stateIn(flag, environment.key));
    setRound((current) => current + 1);
  }, [flag, environment.key]);
  useEffect(() => onUnsaved(unsaved), [unsaved, onUnsaved]);
  // Fetched while somebody edits, so that it is there when it is asked for.
  useEffect(() => {
    if (unsaved) void loadReview().catch(() => undefined);
  }, [unsaved]);

  const set = (part: Partial<FlagEnvironment>) => setDraft((current) => ({ ...current, ...part }));
  const setBrokenPart = (id: string, isBroken: boolean) =>
    setBroken((current) => {
      if (current.has(id) === isBroken) return current;
      const next = new Set(current);
      if (isBroken) next.add(id);
      else next.delete(id);
      return next;
    });
  const restart = (to: Flag, state: FlagEnvironment) => {
    setBase(to);
    setDraft(state);
    setBroken(new Set());
    setRefused(NONE);
    setRound((current) => current + 1);
  };
  const reset = (to: Flag) => restart(to, stateIn(to, environment.key));
  const choose = (next: string) => {
    // What was typed and says nothing yet cannot be taken along.
    setBroken(new Set());
    setRound((current) => current + 1);
    setView(next);
  };
  const fault = faultOf(draft, flag, broken);
  const shown = view === 'json' ? 'json' : 'form';

  return (
    <div className={cx('space-y-3', environment.protected && '-ml-3 border-bad border-l-2 pl-2.5')}>
      <KilledNotice flag={flag} environment={environment} offVariant={before.off_variant} />
      {dirty && flag.version > base.version ? (
        <Notice
          tone="warn"
          title={`Version ${flag.version} was saved while you edit version ${base.version}`}
          action={
            <div className="flex gap-2">
              <Button onClick={() => reset(flag)}>Discard mine</Button>
              <Button onClick={() => restart(flag, rebase(before, draft, stateIn(flag, environment.key)))}>
                Put mine on top
              </Button>
            </div>
          }
        >
          Yours is not lost: the review shows both.
        </Notice>
      ) : null}
      {flag.managed_by === undefined ? null : (
        <Notice tone="info" title={`Kept in files: ${flag.managed_by}`}>
          What is saved here is overwritten when those files are next applied; change it there to make it last.
        </Notice>
      )}

      <Card className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <Switch
          on={draft.enabled}
          label={`${flag.key} in ${environment.key}`}
          disabled={flag.lifecycle === 'archived'}
          onChange={(enabled) => set({ enabled })}
        />
        <div className="min-w-0 flex-1 basis-40">
          <p className="font-medium">
            {draft.enabled ? 'On' : 'Off'} in {environment.key}
          </p>
          <p className="text-muted">{summaryOf(draft)}</p>
        </div>
        <div className="flex items-center gap-2 text-muted">
          <span className="whitespace-nowrap">When off</span>
          <Select
            aria-label="Variant when off"
            className="w-40!"
            value={draft.off_variant}
            onChange={(event) => set({ off_variant: event.target.value })}
          >
            {flag.variants.map((variant) => (
              <option key={variant.name}>{variant.name}</option>
            ))}
          </Select>
        </div>
        <Segmented label="Edit as" options={VIEWS} value={shown} onChange={choose} />
      </Card>

      {shown === 'json' ? (
        <JsonArea
          key={round}
          label={`${environment.key} as JSON`}
          initial={formatState(draft)}
          problems={refused}
          problemOf={(text) => {
            const parsed = parseState(text);
            return parsed.ok ? undefined : parsed.problem;
          }}
          onChange={(text) => {
            const parsed = parseState(text);
            setBrokenPart('json', !parsed.ok);
            if (parsed.ok) setDraft(parsed.value);
          }}
        />
      ) : (
        <TargetingForm
          key={round}
          flag={flag}
          environment={environment}
          saved={before}
          draft={draft}
          problems={refused}
          onSet={set}
          onBroken={setBrokenPart}
        />
      )}

      {unsaved ? (
        <div
          data-bar=""
          className="sticky bottom-3 z-10 flex flex-wrap items-center gap-2 rounded-lg border border-line bg-raised px-4 py-2.5 shadow-lift"
        >
          <p
            className={cx('min-w-0 flex-1 basis-full font-medium sm:basis-40', fault !== undefined && 'text-bad')}
            role="status"
          >
            {fault ?? `Unsaved changes in ${environment.key}`}
          </p>
          <Button onClick={() => reset(flag)}>Discard</Button>
          <Button look="primary" disabled={fault !== undefined} onClick={() => setReviewing(true)}>
            Review changes
          </Button>
        </div>
      ) : null}
      <Suspense>
        {reviewing ? (
          <ReviewDialog
            flag={base}
            environment={environment}
            draft={draft}
            title={`Change ${flag.key} in ${environment.key}?`}
            confirm={`Save to ${environment.key}`}
            onClose={() => setReviewing(false)}
            onRefused={setRefused}
            onSaved={(saved) => {
              reset(saved);
              toast('ok', `${saved.key} is saved in ${environment.key}, version ${saved.version}`);
            }}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

/** What keeps a draft from being reviewed, in words. */
function faultOf(draft: FlagEnvironment, flag: Flag, broken: ReadonlySet<string>): string | undefined {
  if (broken.has('json')) return 'The JSON is not complete';
  for (const serve of [draft.fallthrough, ...draft.rules.map((rule) => rule.serve)]) {
    const fault = serveFault(serve, flag.variants);
    if (fault !== undefined) return fault;
  }
  if ([...broken].some((id) => id.endsWith(' serve'))) return 'A value is not complete';
  if (broken.size > 0) return 'A condition is not complete';
  if (draft.prerequisites?.some((item) => item.flag === '' || item.variants.length === 0) === true) {
    return 'A prerequisite is not complete';
  }
  return draft.bucketing.seed === '' ? 'The seed is empty' : undefined;
}
