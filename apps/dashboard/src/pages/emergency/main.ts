import '../../styles.css';
import type { CallResult, Problem } from '@spillway/contract';
import { client } from '../../api.ts';
import type { Environment, KillSwitch, RolloutDocument } from '../../documents.ts';
import { followChanges } from '../../live/stream.ts';
import { problemNote } from './dialogs.ts';
import { element, show } from './element.ts';
import { page, type View } from './view.ts';

/** The whole list: an emergency page that leaves something out is no use. */
const WHOLE = 500;
const POLL_MS = 15_000;

const root = document.getElementById('emergency');
if (root === null) throw new Error('emergency.html has no element with id "emergency"');

let view: View = { connection: 'connecting', said: '', switches: [], rollouts: [], environments: [], flagKeys: [] };
let painted = '';

function paint(change: Partial<View>): void {
  view = { ...view, ...change };
  // Painted only when something differs, so that a button does not move under a finger.
  const next = JSON.stringify(view);
  if (next === painted || root === null) return;
  painted = next;
  show(root, page(view, { said: (said) => paint({ said }), reload: () => void load() }));
}

async function load(): Promise<void> {
  const query = { limit: WHOLE };
  const [switches, rollouts, environments, flags] = await Promise.all([
    client.call('listSwitches', { query }),
    client.call('listRollouts', { query }),
    client.call('listEnvironments', { query }),
    client.call('listFlags', { query }),
  ]);
  const problem = firstProblem(switches, rollouts, environments, flags);
  if (problem?.status === 401) {
    window.location.assign('/sign-in?next=/emergency');
    return;
  }
  paint({
    problem,
    loaded: true,
    switches: itemsOf<KillSwitch>(switches) ?? view.switches,
    rollouts: (itemsOf<RolloutDocument>(rollouts) ?? view.rollouts).filter(
      (rollout) => rollout.ended_at_ms === undefined,
    ),
    environments: itemsOf<Environment>(environments) ?? view.environments,
    flagKeys: itemsOf<{ key: string }>(flags)?.map((flag) => flag.key) ?? view.flagKeys,
  });
}

type Listed = CallResult<'listSwitches' | 'listRollouts' | 'listEnvironments' | 'listFlags'>;

function firstProblem(...results: readonly Listed[]): Problem | undefined {
  for (const result of results) if (!result.ok) return result.problem;
  return undefined;
}

function itemsOf<T>(result: { ok: true; value: { items: readonly T[] } } | { ok: false }): readonly T[] | undefined {
  return result.ok ? result.value.items : undefined;
}

window.addEventListener('error', (event) => {
  show(
    root,
    element(
      'main',
      { class: 'mx-auto max-w-2xl p-4' },
      problemNote({
        type: 'about:blank',
        title: 'Failed',
        status: 0,
        code: 'unexpected',
        detail: `This page failed: ${event.message}. From a terminal: spillway kill KEY --reason incident`,
      }),
    ),
  );
});

paint({});
void load();
setInterval(() => void load(), POLL_MS);
const shownNouns: ReadonlySet<string> = new Set(['switches', 'rollouts', 'flags', 'environments']);
followChanges({
  onChange: (change) => {
    if (shownNouns.has(change.noun)) void load();
  },
  onConnection: (connection, resumed) => {
    paint({ connection });
    if (resumed) void load();
  },
});
