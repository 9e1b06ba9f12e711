import { useEnvironments } from '../../live/queries.ts';
import { chooseTheme, useThemeChoice } from '../../theme/theme.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Environments } from './environments.tsx';
import { SignInLink } from './sign-in-link.tsx';
import { Tokens } from './tokens.tsx';

const THEMES = [
  { id: 'system', label: 'System' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
] as const;

export function SettingsPage() {
  const theme = useThemeChoice();
  const environments = useEnvironments();
  return (
    <Page title="Settings">
      <Tokens environments={environments.data ?? []} />
      <Environments />
      <SignInLink />
      <Section title="Appearance">
        <Segmented label="Theme" options={THEMES} value={theme} onChange={chooseTheme} />
      </Section>
    </Page>
  );
}
