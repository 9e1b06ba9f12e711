import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { problemOf } from './api.ts';
import { Live } from './live/live.tsx';
import { useSession } from './live/queries.ts';
import { Boundary } from './shell/boundary.tsx';
import { COMMAND_KEY } from './shell/platform.ts';
import { Shell } from './shell/shell.tsx';
import { Loading, ProblemNote } from './ui/notice.tsx';
import { Page } from './ui/page.tsx';
import { Toasts } from './ui/toast.tsx';

const SignInPage = lazy(async () => ({ default: (await import('./pages/sign-in/sign-in-page.tsx')).SignInPage }));
const OverviewPage = lazy(async () => ({ default: (await import('./pages/overview/overview-page.tsx')).OverviewPage }));
const FlagsPage = lazy(async () => ({ default: (await import('./pages/flags/list/flags-page.tsx')).FlagsPage }));
const FlagPage = lazy(async () => ({ default: (await import('./pages/flags/flag-page.tsx')).FlagPage }));
const SegmentsPage = lazy(async () => ({ default: (await import('./pages/segments/segments-page.tsx')).SegmentsPage }));
const OverlapPage = lazy(async () => ({ default: (await import('./pages/segments/overlap-page.tsx')).OverlapPage }));
const ProfilesPage = lazy(async () => ({ default: (await import('./pages/profiles/profiles-page.tsx')).ProfilesPage }));
const SegmentPage = lazy(async () => ({ default: (await import('./pages/segments/segment-page.tsx')).SegmentPage }));
const RolloutsPage = lazy(async () => ({ default: (await import('./pages/rollouts/rollouts-page.tsx')).RolloutsPage }));
const RolloutPage = lazy(async () => ({ default: (await import('./pages/rollouts/rollout-page.tsx')).RolloutPage }));
const PlaygroundPage = lazy(async () => ({
  default: (await import('./pages/playground/playground-page.tsx')).PlaygroundPage,
}));
const AuditPage = lazy(async () => ({ default: (await import('./pages/audit/audit-page.tsx')).AuditPage }));
const SettingsPage = lazy(async () => ({ default: (await import('./pages/settings/settings-page.tsx')).SettingsPage }));

export function App() {
  return (
    <>
      <Switch>
        <Route path="/sign-in">
          <Suspense fallback={<div aria-busy="true" />}>
            <SignInPage />
          </Suspense>
        </Route>
        <Route component={SignedIn} />
      </Switch>
      <Toasts />
    </>
  );
}

/** Everything behind the session; without one, the sign-in page, which leads back here. */
function SignedIn() {
  const session = useSession();
  const [path] = useLocation();
  if (session.isPending) return <div aria-busy="true" />;
  if (session.isError && session.data === undefined) {
    const problem = problemOf(session.error);
    if (problem.status === 401 || problem.status === 403)
      return <Redirect to={`/sign-in?next=${encodeURIComponent(path)}`} />;
    return (
      <main>
        <Page title="Spillway">
          <ProblemNote error={session.error} onRetry={() => session.refetch()} />
        </Page>
      </main>
    );
  }
  if (session.isError && problemOf(session.error).status === 401) {
    return <Redirect to={`/sign-in?next=${encodeURIComponent(path)}`} />;
  }
  return (
    <Live>
      <Shell session={session.data}>
        <Boundary key={path}>
          <Suspense fallback={<PageLoading />}>
            <Switch>
              <Route path="/" component={OverviewPage} />
              <Route path="/flags" component={FlagsPage} />
              <Route path="/flags/:key">{({ key }) => <FlagPage key={key} flagKey={key} />}</Route>
              <Route path="/segments" component={SegmentsPage} />
              <Route path="/segments/:key">{({ key }) => <SegmentPage key={key} segmentKey={key} />}</Route>
              <Route path="/overlap" component={OverlapPage} />
              <Route path="/profiles" component={ProfilesPage} />
              <Route path="/rollouts" component={RolloutsPage} />
              <Route path="/rollouts/:key">{({ key }) => <RolloutPage key={key} rolloutKey={key} />}</Route>
              <Route path="/playground" component={PlaygroundPage} />
              <Route path="/audit" component={AuditPage} />
              <Route path="/settings" component={SettingsPage} />
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </Boundary>
      </Shell>
    </Live>
  );
}

function PageLoading() {
  return (
    <div className="mx-auto w-full max-w-[1220px] px-4 pt-7 sm:px-8">
      <Loading rows={8} />
    </div>
  );
}

function NotFound() {
  return (
    <Page title="No such page" about="Nothing lives at this address.">
      <p>
        Start from the{' '}
        <a className="text-accent underline" href="/">
          overview
        </a>
        , or press <kbd>{COMMAND_KEY} K</kbd> to jump to a flag.
      </p>
    </Page>
  );
}
