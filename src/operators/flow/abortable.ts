import { defer, finalize, from, type Observable } from "rxjs";

/**
 * The bridge from Promises to RxJS: runs `work` on subscription, emits its value, and aborts its signal when it is
 * unsubscribed (or over).
 *
 * @example abortable((signal) => fetch(url, { signal }))
 */
export const abortable = <T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> =>
  defer(() => {
    const controller = new AbortController();
    return from(work(controller.signal)).pipe(finalize(() => controller.abort()));
  });
