import { expect, test } from "vitest";
import type { RowVersion } from "../../../src/model/ledger.ts";
import { distinctVersions } from "../../../src/runtime/watch/distinctVersions.ts";

const said = (at: number, value: number, forecastVersion = "f"): RowVersion => ({
  at,
  value,
  n: 3,
  status: "complete",
  forecastVersion,
  targetVersion: "t",
});

test("a version that is there twice counts once, with its last time; one that holds still is none", () => {
  const nan = Number.NaN;
  const versions = [said(1, 5), said(2, 5), said(3, 6), said(4, 5), said(5, nan), said(6, nan), said(7, 8)];
  const times = (now: RowVersion | undefined) => distinctVersions(versions, now).map(({ at }) => at);
  expect(times(said(0, 9))).toEqual([2, 3, 4, 6, 7]);
  expect(times(said(0, 8))).toEqual([2, 3, 4, 6]);
  expect(times(said(0, 8, "g"))).toEqual([2, 3, 4, 6, 7]);
  expect(times(undefined)).toEqual([2, 3, 4, 6, 7]);
});
