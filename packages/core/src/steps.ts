/** A long decision a step at a time, so that whoever takes it may let others in between. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** For those with nobody to let in. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
