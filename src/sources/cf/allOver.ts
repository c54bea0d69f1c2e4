/** What all give, when all are over; rejects with what the first of them in the list was rejected with. */
export const allOver = <T>(all: readonly Promise<T>[]): Promise<readonly T[]> =>
  all.length === 1
    ? all[0]!.then((one) => [one])
    : Promise.allSettled(all).then((settled) =>
        settled.map((one) => {
          if (one.status === "rejected") throw one.reason;
          return one.value;
        }),
      );
