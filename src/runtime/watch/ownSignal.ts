/** Gives work a signal of its own, which aborts with another: one that lives for months would gather all that hangs on it. */
export const withOwnSignal = async <T>(
  signal: AbortSignal | undefined,
  work: (own: AbortSignal) => Promise<T>,
): Promise<T> => {
  const own = new AbortController();
  const abort = () => own.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  try {
    return await work(own.signal);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
};
