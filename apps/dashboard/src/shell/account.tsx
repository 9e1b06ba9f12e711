import { useQueryClient } from '@tanstack/react-query';
import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useLocation } from 'wouter';
import { ask } from '../api.ts';
import type { Session } from '../documents.ts';
import { chooseTheme, useThemeChoice } from '../theme/theme.ts';
import { Menu } from '../ui/menu.tsx';

/** Who is signed in, the theme, and the way out. */
export function Account({ session }: { session: Session }) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const theme = useThemeChoice();
  const signOut = async () => {
    await ask('signOut', {}).catch(() => undefined);
    navigate('/sign-in');
    queries.clear();
  };
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="touch flex h-10 w-full items-center gap-2.5 rounded-md px-2 text-left hover:bg-sunken"
        >
          <span
            aria-hidden="true"
            className="flex size-6 items-center justify-center rounded-full bg-accent-tint font-semibold text-2xs text-accent uppercase"
          >
            {session.name.slice(0, 1)}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium leading-4">{session.name}</span>
            <span className="block truncate text-2xs text-muted leading-4">project {session.project}</span>
          </span>
        </button>
      }
      items={[
        { label: 'System theme', icon: <Monitor />, checked: theme === 'system', run: () => chooseTheme('system') },
        { label: 'Light', icon: <Sun />, checked: theme === 'light', run: () => chooseTheme('light') },
        { label: 'Dark', icon: <Moon />, checked: theme === 'dark', run: () => chooseTheme('dark') },
        { label: 'Sign out', icon: <LogOut />, run: () => void signOut() },
      ]}
    />
  );
}
