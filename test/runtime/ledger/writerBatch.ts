import type { LedgerChange } from "../../../src/model/ledger.ts";

/** The changes of batch `number` of `writer.ts`: the same whoever asks. */
export const batchOf = (number: number): readonly LedgerChange[] => {
  const records = Array.from({ length: 1 + (number % 7) }, (_, i) => ({
    key: Buffer.from(`b/${number}/${i}`),
    value: Buffer.alloc(1 + ((number * 7919 + i * 104729) % 60_000), `${number} ${i} `),
  }));
  // What an earlier batch wrote goes, so that removing is whole, too.
  const removed = { key: Buffer.from(`b/${number - 20}/0`), value: undefined };
  return [...records, removed, { key: Buffer.from("n"), value: Buffer.from(`${number}`) }];
};
