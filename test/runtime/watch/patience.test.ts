import { expect, test } from "vitest";
import { usualPatience, watchingAt } from "../../../src/runtime/watch/patience.ts";

const hour = 3_600_000;
const unit = {
  caseId: 1,
  forecast: "hres",
  target: "era5",
  initTime: 0,
  leadHours: 48,
  validTime: 48 * hour,
};

test("waits until the deadline of what is lacking, counts provisionally after it, for good at last", () => {
  const at = (hours: number, lacks: "forecast" | "target") =>
    watchingAt({ now: hours * hour, ...usualPatience }).judge({ ...unit, lacks });
  expect(at(23.9, "forecast")).toBe("waits");
  expect(at(24, "forecast")).toBe("provisional");
  expect(at(240, "forecast")).toBe("never");
  expect(at(48 + 167, "target")).toBe("waits");
  expect(at(48 + 168, "target")).toBe("provisional");
  expect(at(48 + 90 * 24, "target")).toBe("never");
});

test("with a source's own patience", () => {
  const turn = {
    now: 50 * hour,
    ...usualPatience,
    sources: { era5: { deadline: hour, never: 2 * hour } },
  };
  expect(watchingAt(turn).judge({ ...unit, lacks: "target" })).toBe("never");
  expect(watchingAt(turn).judge({ ...unit, lacks: "forecast" })).toBe("provisional");
});
