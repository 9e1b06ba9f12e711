import { Link } from 'wouter';
import { Mono } from './page.tsx';

export interface Named {
  readonly key: string;
  /** Its page; without one it is only named. */
  readonly href?: string;
  /** What it has to do with what this is about. */
  readonly note?: string;
}

const MAX_SHOWN = 8;

/** Documents by kind, each leading to its page. Nothing is shown of a kind that has none. */
export function NamedLinks({ title, items }: { title: string; items: readonly Named[] }) {
  if (items.length === 0) return null;
  const more = items.length - MAX_SHOWN;
  return (
    <div>
      <h3 className="font-medium text-xs">
        {title} ({items.length})
      </h3>
      <ul>
        {items.slice(0, MAX_SHOWN).map(({ key, href, note }) => (
          <li key={key} className="break-words">
            {href === undefined ? (
              <Mono>{key}</Mono>
            ) : href === EMERGENCY ? (
              <a href={href} className="text-accent underline">
                <Mono>{key}</Mono>
              </a>
            ) : (
              <Link href={href} className="text-accent underline">
                <Mono>{key}</Mono>
              </Link>
            )}
            {note === undefined ? null : <span className="text-muted text-xs"> {note}</span>}
          </li>
        ))}
        {more > 0 ? <li className="text-muted text-xs">and {more} more</li> : null}
      </ul>
    </div>
  );
}

const EMERGENCY = '/emergency';

export const flagLink = (key: string): Named => ({ key, href: `/flags/${encodeURIComponent(key)}` });
export const segmentLink = (key: string): Named => ({ key, href: `/segments/${encodeURIComponent(key)}` });
/** All switches live on one page, which stands apart from the others. */
export const switchLink = (key: string): Named => ({ key, href: EMERGENCY });
