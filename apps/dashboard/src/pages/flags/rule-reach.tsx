import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask, isPassing, problemOf } from '../../api.ts';
import type { Environment, Flag, FlagEnvironment, FlagRule } from '../../documents.ts';
import { keys } from '../../live/keys.ts';
import { cx } from '../../ui/cx.ts';
import { useSettled } from '../../ui/settled.ts';
import { asksForKeys, reachWords } from './reach-words.ts';

const QUIET_MS = 500;

interface Reached {
  readonly flag: Flag;
  readonly environment: Environment;
  readonly draft: FlagEnvironment;
  readonly rule: FlagRule;
}

/** Whom a rule is about among those who asked lately, counted when the editing pauses; says so when nobody can tell. */
export function RuleReach({ flag, environment, draft, rule }: Reached) {
  const { recent_contexts } = environment;
  const asked = JSON.stringify(questionOf(draft));
  const settled = useSettled(asked, QUIET_MS);
  const preview = useQuery({
    queryKey: keys.preview(flag.key, environment.key, flag.version, { reach: settled }),
    queryFn: ({ signal }) =>
      ask('previewFlag', {
        params: { key: flag.key },
        body: { environment: environment.key, update: JSON.parse(settled) as Question },
        signal,
      }),
    enabled: recent_contexts !== 'off',
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (recent_contexts === 'off') {
    return (
      <Line>
        How many match cannot be told: {environment.key} keeps no recent contexts. <a href="/settings">Settings</a> let
        it keep some.
      </Line>
    );
  }
  if (preview.isError) return isPassing(problemOf(preview.error)) ? null : <Uncounted />;
  const found = preview.data?.environments[environment.key];
  if (found === undefined) return <Line>Counting recent contexts…</Line>;
  if (found.sample.hint !== undefined) return <Line>{found.sample.hint}</Line>;
  const reach = found.rules.find(({ id }) => id === rule.id);
  if (reach === undefined) return <Line>Counting recent contexts…</Line>;
  const isOld = preview.isPlaceholderData || settled !== asked;
  return (
    <Line isOld={isOld}>
      {reachWords(reach, found.sample.contexts)}
      {recent_contexts === 'hashed' && asksForKeys(rule.when)
        ? ' Targeting keys are kept hashed here, so conditions on them match nobody.'
        : null}
    </Line>
  );
}

/** In place of a count, while there is nothing to count. */
export function Uncounted() {
  return <Line>How many match is counted when the conditions are complete.</Line>;
}

function Line({ isOld = false, children }: { isOld?: boolean; children: ReactNode }) {
  return (
    <p className={cx('numbers text-muted text-xs [&_a]:underline', isOld && 'opacity-60')} aria-busy={isOld}>
      {children}
    </p>
  );
}

type Question = Pick<FlagEnvironment, 'targets' | 'rules'>;

/** Whom a rule serves depends on its conditions alone: a split that does not add up yet must not stand in the way. */
function questionOf({ targets, rules, off_variant }: FlagEnvironment): Question {
  return { targets, rules: rules.map(({ id, when }) => ({ id, when, serve: { variant: off_variant } })) };
}
