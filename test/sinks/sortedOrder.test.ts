import fc from "fast-check";
import { expect, test } from "vitest";
import { nanWord, nullWord } from "../../src/sinks/column.ts";
import { sortedOrder } from "../../src/sinks/sortedOrder.ts";

const numberWords = (values: readonly (number | null)[]): Uint32Array => {
  const words = new Uint32Array(new Float64Array(values.map((value) => value ?? 0)).buffer);
  for (const [i, value] of values.entries()) {
    if (value === null) words.fill(nullWord, 2 * i, 2 * i + 2);
    if (Number.isNaN(value)) words.set([0, nanWord], 2 * i);
  }
  return words;
};

const place = (value: number | null): number => (value === null ? 0 : Number.isNaN(value) ? 2 : 1);
const order = (a: number | null, b: number | null): number =>
  place(a) - place(b) || (place(a) !== 1 || a === b ? 0 : a! < b! ? -1 : 1);

const number = fc.option(
  fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constant(-0), fc.integer({ min: -(2 ** 31) })),
  { nil: null },
);

test("rows are in the order of a sort by comparison, equal ones as they came", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ text: fc.nat(5), a: number, b: number }), { maxLength: 60 }),
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
      (rows, ranks) => {
        const rank = Uint32Array.from(ranks);
        const keys = [
          { width: 1, words: Uint32Array.from(rows.map(({ text }) => text)), ranks: rank } as const,
          { width: 2, words: numberWords(rows.map(({ a }) => a)), ranks: undefined } as const,
          { width: 2, words: numberWords(rows.map(({ b }) => b)), ranks: undefined } as const,
        ];
        const expected = [...rows.keys()].sort((i, j) => {
          const [x, y] = [rows[i]!, rows[j]!];
          return rank[x.text]! - rank[y.text]! || order(x.a, y.a) || order(x.b, y.b);
        });
        expect([...sortedOrder(keys, rows.length).order]).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test("names the keys that vary", () => {
  const same = { width: 1, words: Uint32Array.of(4, 4, 4), ranks: undefined } as const;
  const other = { width: 2, words: numberWords([3, 1, 2]), ranks: undefined } as const;
  const { order: found, varying } = sortedOrder([same, other], 3);
  expect([...found]).toEqual([1, 2, 0]);
  expect(varying).toEqual([other]);
});
