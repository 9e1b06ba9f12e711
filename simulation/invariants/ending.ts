import type { Rollout, RolloutCommand, Service } from '@spillway/core';
import type { Platform, Quality } from '../world/platform.ts';
import { Broken } from './safety.ts';

export interface Ending {
  readonly rollout: Rollout;
  readonly before: readonly Service[];
  readonly after: readonly Service[];
  readonly platform: Platform;
  readonly qualities: Readonly<Record<string, Quality>>;
  readonly commands: readonly RolloutCommand[];
}

/** What is left behind: exactly one live version with all traffic, the one that the rollout's end promises. */
export async function checkEnd({ rollout, before, after, platform, qualities, commands }: Ending): Promise<void> {
  for (const stage of rollout.stages) {
    const plan = rollout.plan.stages.find((each) => each.key === stage.key);
    const now = after.find((each) => each.key === plan?.service);
    const was = before.find((each) => each.key === plan?.service);
    if (plan === undefined || now === undefined || was === undefined) throw new Broken('A service is gone');
    const expected = stage.phase.is === 'succeeded' ? plan.version.name : was.live;
    const place = `${now.environment}/${now.key}`;
    const running = platform.instances(place).filter((each) => each.state !== 'stopping');
    const route = platform.route(place);
    const details = { expected, live: now.live, phase: stage.phase, running, route, conclusion: rollout.conclusion };
    const fine =
      now.live === expected &&
      running.every((each) => each.version === expected) &&
      (expected === undefined || running.length > 0) &&
      (expected === undefined ||
        route?.versions.every((each) => each.share === 0 || each.version === expected) === true);
    if (!fine) throw new Broken(`Exactly one version is left, as the end says: ${JSON.stringify(details)}`);
    checkJudgement(rollout, stage.key, qualities[plan.version.name], was.live !== undefined, commands);
  }
}

/** Why a version may be taken back that no check has found bad. */
const OTHER_CAUSES = /not ready|healthy any more|did not confirm|asks to go back then/;

/** A good version is not taken back by a check, a bad one does not get through without a person's promotion. */
function checkJudgement(
  rollout: Rollout,
  key: string,
  quality: Quality | undefined,
  wasJudged: boolean,
  commands: readonly RolloutCommand[],
): void {
  const bad = (quality?.errorRate ?? 0) > 0.05;
  const phase = rollout.stages.find((each) => each.key === key)?.phase.is;
  const failedHere = rollout.failure?.stage === key && !OTHER_CAUSES.test(rollout.failure.cause);
  if (failedHere && !bad) throw new Broken(`A good version was judged bad: ${rollout.failure?.cause}`);
  const promoted = commands.some((each) => each === 'promote' || each === 'promote_fully');
  if (phase === 'succeeded' && bad && wasJudged && !promoted) throw new Broken('A bad version got through');
}
