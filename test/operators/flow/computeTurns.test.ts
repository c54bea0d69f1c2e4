import { expect, test } from "vitest";
import { ComputeTurns } from "../../../src/operators/flow/computeTurns.ts";

/** Numbers of the turns of the event loop in which units of these sizes are computed, asked for at once. */
const turnsOf = async (turns: ComputeTurns, sizes: readonly number[]) => {
  let turn = 0;
  const handle = { isOver: false };
  const count = () => {
    turn += 1;
    if (!handle.isOver) setImmediate(count);
  };
  setImmediate(count);
  const at = await Promise.all(sizes.map((size) => turns.next(size).then(() => turn)));
  handle.isOver = true;
  return at;
};

test("large units are computed a turn each, small ones as many as are as large together", async () => {
  const turns = new ComputeTurns();
  const large = await turnsOf(turns, [1e6, 1e6, 1e6]);
  expect(new Set(large).size).toBe(3);
  const small = await turnsOf(turns, Array(20).fill(8192));
  expect(new Set(small).size).toBe(3);
  expect(small).toEqual([...small].sort((a, b) => a - b));
});

test("a unit that comes when a turn has passed has another one", async () => {
  const turns = new ComputeTurns();
  let isLater = false;
  await turns.next(1);
  setImmediate(() => {
    isLater = true;
  });
  await turns.next(1);
  expect(isLater).toBe(true);
});
