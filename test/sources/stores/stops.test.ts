import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { Stops } from "../../../src/sources/stores/stops.ts";

it("calls all that still wait, by one listener, which leaves with the last of them", () => {
  const { signal } = new AbortController();
  const stops = new Stops();
  const leave = Array.from({ length: 30 }, () => stops.when(signal, () => {}));
  expect(getEventListeners(signal, "abort").length).toBe(1);
  for (const each of leave) each();
  expect(getEventListeners(signal, "abort").length).toBe(0);

  const controller = new AbortController();
  const called: number[] = [];
  const waiting = [0, 1, 2].map((i) => stops.when(controller.signal, () => void called.push(i)));
  waiting[1]!();
  controller.abort();
  expect(called).toEqual([0, 2]);
});
