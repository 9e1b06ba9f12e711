import type { Environment, Flag } from '../../documents.ts';
import { useSwitches } from '../../live/queries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { killedBy } from './killed.ts';

/** Fired switches that are obeyed before what the flag's page shows. */
export function KilledNotice({
  flag,
  environment,
  offVariant,
}: {
  flag: Flag;
  environment: Environment;
  offVariant: string;
}) {
  return killedBy(flag, environment.key, useSwitches().data ?? []).map((item) => (
    <Notice
      key={item.key}
      tone="bad"
      title={`Kill switch ${item.key} is fired: everyone gets ${offVariant}`}
      action={
        <a href="/emergency" className={buttonClass()}>
          Emergency page
        </a>
      }
    >
      It is obeyed before what is configured here; releasing it gives back exactly this.
    </Notice>
  ));
}
