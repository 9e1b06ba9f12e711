import { Button } from './button.tsx';

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** The next page of a list, when there is one; with how far one has come, where that is known. */
export function ShowMore({ list, far }: { list: Paged; far?: string }) {
  return list.hasNextPage ? (
    <div className="mt-4 text-center">
      {far === undefined ? null : <p className="numbers mb-2 text-muted text-xs">{far}</p>}
      <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        Show more
      </Button>
    </div>
  ) : null;
}
