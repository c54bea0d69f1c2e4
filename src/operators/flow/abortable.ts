import { defer, finalize, from, type Observable } from "rxjs";

/**
 * The bridge from Promises to RxJS: runs `work` on subscription, emits its value, and aborts its signal when it is
 * unsubscribed before that.
 *
 * @example abortable((signal) => fetch(url, { signal }))
 */
export const abortable = <T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> =>
  defer(() => {
    const controller = new AbortController();
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    const working = work(controller.signal);
    working.then(over, over);
    return from(working).pipe(
      finalize(() => {
        // An abort costs an exception with its stack: not for each unit that is done.
        if (!isOver) controller.abort();
      }),
    );
  });
