import { Observable, type OperatorFunction } from "rxjs";

/**
 * Subscribes at once and gives what comes on from the moment on at which `ready` resolves, in order. What came before
 * is given in one loop: an operator that joins one inner stream after another would go one level deeper for each.
 *
 * @param waits told of every value that begins (1) or ends (-1) to be held
 * @example refs.pipe(heldUntil(opening, (asks) => budget.announce(asks)))
 */
export const heldUntil =
  <T>(ready: Promise<unknown>, waits: (change: 1 | -1) => void): OperatorFunction<T, T> =>
  (source) =>
    new Observable((subscriber) => {
      let held: T[] | undefined = [];
      let isComplete = false;
      const letGo = () => {
        const values = held ?? [];
        held = undefined;
        for (const value of values) {
          waits(-1);
          if (!subscriber.closed) subscriber.next(value);
        }
        if (isComplete) subscriber.complete();
      };
      ready.then(letGo, (error: unknown) => subscriber.error(error));
      subscriber.add(() => {
        for (const _ of held ?? []) waits(-1);
        held = undefined;
      });
      subscriber.add(
        source.subscribe({
          next: (value) => {
            if (held === undefined) {
              subscriber.next(value);
              return;
            }
            held.push(value);
            waits(1);
          },
          error: (error) => subscriber.error(error),
          complete: () => {
            isComplete = true;
            if (held === undefined) subscriber.complete();
          },
        }),
      );
    });
