import type { Problem } from '@spillway/contract';
import { client } from '../../api.ts';
import type { Environment, KillSwitch, RolloutDocument } from '../../documents.ts';
import type { Connection } from '../../live/stream.ts';
import { fullTime } from '../../ui/time.ts';
import { actorName } from '../audit/words.ts';
import { askFor, problemNote } from './dialogs.ts';
import { effectOf } from './effect.ts';
import { element } from './element.ts';
import { LOOKS } from './looks.ts';
import { askForNewSwitch } from './new-switch.ts';
import { readReach } from './reach.ts';

export interface View {
  readonly connection: Connection;
  readonly loaded?: boolean;
  readonly problem?: Problem | undefined;
  /** What was just done, announced. */
  readonly said: string;
  readonly switches: readonly KillSwitch[];
  readonly rollouts: readonly RolloutDocument[];
  readonly environments: readonly Environment[];
  readonly flagKeys: readonly string[];
}

export interface Actions {
  said(text: string): void;
  reload(): void;
}

export function page(view: View, actions: Actions): HTMLElement {
  const fired = view.switches.filter((item) => item.state.is === 'triggered');
  const ready = view.switches.filter((item) => item.state.is === 'inactive');
  return element(
    'div',
    { class: 'mx-auto min-h-dvh max-w-3xl px-4 pb-16' },
    header(view),
    element(
      'main',
      {},
      element('h1', { class: 'mt-6 font-semibold text-[26px]/8 tracking-tight' }, 'Emergency'),
      element('p', { class: 'mt-1 text-base text-muted' }, summary(view, fired.length)),
      element(
        'p',
        {
          role: 'status',
          class: view.said === '' ? 'sr-only' : 'mt-3 rounded-lg bg-ok-tint px-3 py-2 font-medium text-ok',
        },
        view.said === '' ? '' : view.said,
      ),
      view.problem === undefined ? undefined : problemNote(view.problem),
      fired.length > 0 &&
        list(
          'Fired',
          fired.map((item) => switchRow(item, view.rollouts, actions)),
        ),
      element(
        'div',
        { class: 'mt-8 mb-2 flex items-center gap-3' },
        element('h2', { class: 'flex-1 font-semibold text-base' }, 'Ready to fire'),
        element(
          'button',
          {
            type: 'button',
            'data-id': 'new',
            class: LOOKS.plain,
            click: () =>
              askForNewSwitch(view.flagKeys, (text) => {
                actions.said(text);
                actions.reload();
              }),
          },
          'New switch',
        ),
      ),
      ready.length > 0
        ? card(ready.map((item) => switchRow(item, view.rollouts, actions)))
        : element(
            'p',
            { class: 'rounded-lg border border-line border-dashed px-4 py-6 text-center text-muted' },
            view.loaded === true
              ? 'No switch is waiting. Make one for what you would want to turn off in a hurry.'
              : 'Loading…',
          ),
      view.rollouts.length > 0 &&
        list(
          'Rolling out now',
          view.rollouts.map((rollout) => rolloutRow(rollout, actions)),
        ),
      element(
        'p',
        { class: 'mt-10 text-muted' },
        'The same from a terminal: ',
        element('code', { class: 'font-mono' }, 'spillway kill KEY --reason incident'),
      ),
    ),
  );
}

function header(view: View): HTMLElement {
  const words = {
    live: 'Live',
    connecting: 'Connecting',
    reconnecting: 'The server does not answer; trying again',
  };
  return element(
    'header',
    { class: 'flex min-h-14 items-center gap-4 border-line border-b py-2' },
    element(
      'a',
      { href: '/', class: 'inline-flex min-h-11 items-center font-semibold text-base hover:underline' },
      'Back to Spillway',
    ),
    element(
      'span',
      { class: `ml-auto text-xs ${view.connection === 'reconnecting' ? 'text-warn' : 'text-muted'}` },
      words[view.connection],
    ),
  );
}

function summary(view: View, fired: number): string {
  if (view.loaded !== true) return 'Reading the state…';
  if (fired > 0) return `${fired} ${fired === 1 ? 'switch is' : 'switches are'} fired.`;
  return 'Nothing is fired. Firing takes one confirm; releasing asks more of you.';
}

function list(title: string, rows: readonly HTMLElement[]): HTMLElement {
  return element('section', { 'aria-label': title }, element('h2', { class: LOOKS.heading }, title), card(rows));
}

function card(rows: readonly HTMLElement[]): HTMLElement {
  return element('ul', { class: `${LOOKS.card} divide-y divide-line` }, ...rows);
}

function switchRow(item: KillSwitch, rollouts: readonly RolloutDocument[], actions: Actions): HTMLElement {
  const { state } = item;
  const done = (text: string) => {
    actions.said(text);
    actions.reload();
  };
  const button =
    state.is === 'inactive'
      ? element(
          'button',
          {
            type: 'button',
            'data-id': `fire ${item.key}`,
            class: LOOKS.danger,
            click: () => fire(item, readReach(item, rollouts), done),
          },
          'Fire',
          hidden(item.key),
        )
      : element(
          'button',
          { type: 'button', 'data-id': `release ${item.key}`, class: LOOKS.plain, click: () => release(item, done) },
          'Release…',
          hidden(item.key),
        );
  return element(
    'li',
    { class: `${LOOKS.row} ${state.is === 'triggered' ? 'bg-bad-tint' : ''}` },
    element(
      'div',
      { class: 'min-w-0 flex-1 basis-56' },
      element(
        'p',
        { class: 'flex flex-wrap items-center gap-x-2' },
        element('span', { class: 'font-mono font-semibold text-base wrap-anywhere' }, item.key),
        state.is === 'triggered'
          ? element('span', { class: 'font-semibold text-bad' }, dot('bg-bad'), ' Fired')
          : element('span', { class: 'text-muted' }, dot('border border-current'), ' Armed'),
      ),
      item.description !== '' && element('p', {}, item.description),
      element('p', { class: 'text-muted break-words' }, effectOf(item)),
      state.is === 'triggered'
        ? element(
            'p',
            { class: 'text-muted break-words' },
            `By ${actorName(state.activated.actor)}, ${fullTime(state.activated.at_ms)}: “${state.activated.reason}”`,
          )
        : state.released !== undefined &&
            element(
              'p',
              { class: LOOKS.note },
              `Last released ${fullTime(state.released.at_ms)} by ${actorName(state.released.actor)}`,
            ),
    ),
    button,
  );
}

function hidden(text: string): HTMLElement {
  return element('span', { class: 'sr-only' }, ` ${text}`);
}

function fire(item: KillSwitch, reach: Promise<readonly string[]>, done: (text: string) => void): void {
  askFor({
    title: `Fire ${item.key}?`,
    effect: effectOf(item),
    reach,
    reason: 'incident',
    confirm: 'Fire now',
    danger: true,
    run: async (reason) => {
      const result = await client.call('activateSwitch', { params: { key: item.key }, body: { reason } });
      if (!result.ok) return result.problem;
      done(`${item.key} is fired`);
      return undefined;
    },
  });
}

function release(item: KillSwitch, done: (text: string) => void): void {
  askFor({
    title: `Release ${item.key}?`,
    effect: 'Users get again exactly what the flags are configured to give. Be sure that the cause is gone.',
    reason: '',
    confirm: 'Release',
    danger: false,
    typed: item.key,
    run: async (reason) => {
      const result = await client.call('releaseSwitch', { params: { key: item.key }, body: { reason } });
      if (!result.ok) return result.problem;
      done(`${item.key} is released`);
      return undefined;
    },
  });
}

function rolloutRow(rollout: RolloutDocument, actions: Actions): HTMLElement {
  const stage = rollout.plan.stages.find(({ key }) =>
    rollout.stages.some((state) => state.key === key && state.phase.is === 'baking'),
  );
  const version = stage?.version.name ?? rollout.plan.stages[0]?.version.name ?? 'the new version';
  const returning = rollout.status === 'rolling_back';
  return element(
    'li',
    { class: LOOKS.row },
    element(
      'div',
      { class: 'min-w-0 flex-1 basis-56' },
      element(
        'a',
        {
          href: `/rollouts/${encodeURIComponent(rollout.key)}`,
          class: 'font-mono font-semibold text-base wrap-anywhere hover:underline',
        },
        rollout.key,
      ),
      element(
        'p',
        { class: 'text-muted' },
        `${version} in ${rollout.plan.environment}: ${rollout.status.replaceAll('_', ' ')}`,
      ),
    ),
    element(
      'button',
      {
        type: 'button',
        'data-id': `stop ${rollout.key}`,
        class: LOOKS.danger,
        disabled: returning,
        click: () =>
          askFor({
            title: `Stop ${rollout.key}?`,
            effect: `All traffic goes back to the version before ${version} at once, then ${version} is stopped.`,
            reason: 'incident',
            confirm: 'Stop and go back',
            danger: true,
            run: async (reason) => {
              const result = await client.call('abortRollout', { params: { key: rollout.key }, body: { reason } });
              if (!result.ok) return result.problem;
              actions.said(`${rollout.key} goes back`);
              actions.reload();
              return undefined;
            },
          }),
      },
      returning ? 'Going back' : 'Stop',
      hidden(rollout.key),
    ),
  );
}

/** Drawn, not a character: not every machine has a font with signs. */
function dot(look: string): HTMLElement {
  return element('span', { 'aria-hidden': 'true', class: `inline-block size-2 rounded-full ${look}` });
}
