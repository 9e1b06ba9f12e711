import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { isUnfetched } from './reloads.ts';
import { Unfetched } from './unfetched.tsx';

/** What fails says so and leaves the rest standing. */
export class Boundary extends Component<{ children: ReactNode }, { failure: Error | undefined }> {
  override state: { failure: Error | undefined } = { failure: undefined };

  static getDerivedStateFromError(failure: unknown) {
    return { failure: failure instanceof Error ? failure : new Error(String(failure)) };
  }

  override render() {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return (
      <div className="mx-auto max-w-2xl p-4" role="alert">
        {isUnfetched(failure) ? (
          <Unfetched />
        ) : (
          <Notice
            tone="bad"
            title="This page failed"
            action={<Button onClick={() => window.location.reload()}>Reload</Button>}
          >
            {failure.message}. Nothing was changed by that.
          </Notice>
        )}
      </div>
    );
  }
}
