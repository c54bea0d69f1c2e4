import {
  concat,
  connect,
  defer,
  finalize,
  from,
  type MonoTypeOperatorFunction,
  map,
  mergeMap,
  of,
  takeUntil,
  tap,
  toArray,
} from "rxjs";

/**
 * Subscribes at once and gives what comes on from the moment on at which `ready` resolves, in order. What came before
 * is given in one loop: an operator that joins one inner stream after another would go one level deeper for each.
 *
 * @param waits told of every value that begins (1) or ends (-1) to be held
 * @example refs.pipe(heldUntil(opening, (asks) => budget.announce(asks)))
 */
export const heldUntil =
  <T>(ready: Promise<unknown>, waits: (change: 1 | -1) => void): MonoTypeOperatorFunction<T> =>
  (source) =>
    defer(() => {
      let isReady = false;
      let held = 0;
      const change = (by: 1 | -1) => {
        held += by;
        waits(by);
      };
      const opened = from(ready).pipe(tap(() => (isReady = true)));
      return source.pipe(
        connect((values) =>
          concat(
            values.pipe(
              tap(() => change(1)),
              takeUntil(opened),
              toArray(),
              // What ends before it is ready waits; else nothing may come between these and the next.
              mergeMap((all) => (isReady ? of(all) : from(ready).pipe(map(() => all)))),
              mergeMap((all) => all),
              tap(() => change(-1)),
            ),
            values,
          ),
        ),
        finalize(() => {
          while (held > 0) change(-1);
        }),
      );
    });
