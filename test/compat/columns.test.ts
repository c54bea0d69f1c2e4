/** Names of the columns of `--ewb-csv`: those that the peer gives its classes, for every metric of the wing. */
import { expect, test } from "vitest";
import { ewb11Metric, ewb11ValueType, onsetMeanError, type PeerCoast } from "../../src/compat/ewb11/index.ts";
import { hitRate } from "../../src/operators/metrics/index.ts";
import { peerFactories, rowName } from "../golden/unitCompat.ts";

const square = {
  type: "Polygon",
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
  ],
};
const coast = { name: "square", land: square, ocean: square } as unknown as PeerCoast;

/** What a factory cannot do without. */
const optionsOf = (name: string): object => {
  if (name.startsWith("Landfall")) return { coast };
  return ["EarlySignal", "DurationMeanError"].includes(name) ? { above: "300 K" } : {};
};

// The peer's curve cannot become rows.
const classes = Object.keys(peerFactories).filter((name) => name !== "ReceiverOperatingCharacteristic");

test.each(classes)("%s", (name) => {
  const { term } = peerFactories[name]!("t", optionsOf(name));
  expect(ewb11Metric({ metric: term })).toBe(rowName(name));
  expect(ewb11ValueType({ metric: term })).toBe(name === "EarlySignal" ? "bool" : "float64");
});

test("what the peer has not keeps our term, or a name after its manner", () => {
  expect(ewb11Metric({ metric: onsetMeanError<{ t: "K" }>("t", { above: "300 K" }).term })).toBe(
    "OnsetMeanError",
  );
  const { term } = hitRate<{ t: "K" }>("t", { above: "300 K" });
  expect(ewb11Metric({ metric: term })).toBe("hit rate");
  expect(ewb11Metric({ metric: "constructor" })).toBe("constructor");
});
