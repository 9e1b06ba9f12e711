import { Button } from './button.tsx';

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** The next page of a list, when there is one. */
export function ShowMore({ list }: { list: Paged }) {
  return list.hasNextPage ? (
    <div className="mt-4 text-center">
      <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        Show more
      </Button>
    </div>
  ) : null;
}
