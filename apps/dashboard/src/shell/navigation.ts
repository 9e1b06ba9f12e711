import {
  Activity,
  Flag,
  FlaskConical,
  House,
  type LucideIcon,
  ScrollText,
  Settings,
  Siren,
  UsersRound,
} from 'lucide-react';

export interface Place {
  readonly path: string;
  readonly name: string;
  /** Pages that are reached from there and lie elsewhere. */
  readonly also?: readonly string[];
  readonly icon: LucideIcon;
  /** Second key of the `g` shortcut. */
  readonly shortcut: string;
  /** A document of its own, outside this application. */
  readonly separate?: true;
}

export const PLACES: readonly Place[] = [
  { path: '/', name: 'Overview', icon: House, shortcut: 'o' },
  { path: '/flags', name: 'Flags', icon: Flag, shortcut: 'f' },
  { path: '/playground', name: 'Playground', icon: FlaskConical, shortcut: 'p' },
  { path: '/segments', name: 'Segments', also: ['/overlap', '/profiles'], icon: UsersRound, shortcut: 'm' },
  { path: '/rollouts', name: 'Rollouts', icon: Activity, shortcut: 'r' },
  { path: '/audit', name: 'Audit', icon: ScrollText, shortcut: 'a' },
  { path: '/settings', name: 'Settings', icon: Settings, shortcut: 's' },
  { path: '/emergency', name: 'Emergency', icon: Siren, shortcut: 'e', separate: true },
];
