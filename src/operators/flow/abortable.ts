import { from, Observable } from "rxjs";

/**
 * The bridge from Promises to RxJS: runs `work` on subscription, emits its value, and aborts its signal when
 * unsubscribed before it is over.
 *
 * @example abortable((signal) => fetch(url, { signal }))
 */
export const abortable = <T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> =>
  new Observable<T>((subscriber) => {
    const controller = new AbortController();
    const subscription = from(work(controller.signal)).subscribe(subscriber);
    return () => {
      subscription.unsubscribe();
      controller.abort();
    };
  });
