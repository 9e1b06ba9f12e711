import { Link, useLocation } from 'wouter';
import type { Session } from '../documents.ts';
import { useRollouts, useSwitches } from '../live/queries.ts';
import { isLive } from '../pages/rollouts/state.ts';
import { Badge } from '../ui/badge.tsx';
import { cx } from '../ui/cx.ts';
import { Account } from './account.tsx';
import { PLACES, type Place } from './navigation.ts';

export function Sidebar({ session }: { session: Session }) {
  const [path] = useLocation();
  return (
    <>
      <nav aria-label="Main" className="min-h-0 flex-1 overflow-y-auto px-3">
        <ul className="space-y-0.5">
          {PLACES.map((place) => (
            <li key={place.path} className={cx(place.separate === true && 'mt-3 border-line border-t pt-3')}>
              <PlaceLink
                place={place}
                current={[place.path, ...(place.also ?? [])].some((below) => isHere(below, path))}
              />
            </li>
          ))}
        </ul>
      </nav>
      <div className="px-3 pb-2">
        <Account session={session} />
      </div>
    </>
  );
}

function isHere(place: string, path: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
}

function PlaceLink({ place, current }: { place: Place; current: boolean }) {
  const className = cx(
    'touch flex h-8 items-center gap-2.5 rounded-md px-2.5 font-medium',
    current ? 'bg-sunken text-text' : 'text-muted hover:bg-sunken hover:text-text',
  );
  const content = (
    <>
      <place.icon className="size-4" aria-hidden="true" />
      <span className="flex-1">{place.name}</span>
      {place.path === '/rollouts' ? <LiveRollouts /> : null}
      {place.path === '/emergency' ? <FiredSwitches /> : null}
    </>
  );
  if (place.separate === true) {
    return (
      <a href={place.path} className={className}>
        {content}
      </a>
    );
  }
  return (
    <Link href={place.path} className={className} {...(current ? { 'aria-current': 'page' as const } : {})}>
      {content}
    </Link>
  );
}

function LiveRollouts() {
  const live = useRollouts().data?.filter((rollout) => isLive(rollout.status)).length ?? 0;
  return live === 0 ? null : (
    <Badge tone="warn" glyph="▲">
      {live}
      <span className="sr-only"> under way</span>
    </Badge>
  );
}

function FiredSwitches() {
  const fired = useSwitches().data?.filter((item) => item.state.is === 'triggered').length ?? 0;
  return fired === 0 ? null : (
    <Badge tone="bad" glyph="✖">
      {fired}
      <span className="sr-only"> fired</span>
    </Badge>
  );
}
