import { expect, test } from "vitest";
import { inMemory } from "../../src/catalog/source.ts";
import { memoryGroup } from "../../src/sources/memory.ts";

const at = (time: string[]) =>
  memoryGroup(
    inMemory({
      role: "target",
      name: "o",
      variables: { surface_air_temperature: "K" },
      arrays: {
        surface_air_temperature: {
          dims: ["time", "latitude", "longitude"],
          coords: { time, latitude: [50], longitude: [0] },
          data: time.map(() => [[280]]),
        },
      },
    }),
  );

test("times in memory are read as everywhere: UTC without a zone, to the millisecond", async () => {
  const array = await at(["2024-02-29 06:00", "2024-02-29T07:00:00.5Z", "2024-02-29T09:00+01:00"]).array(
    "time",
  );
  const chunk = await array.chunk([0], {});
  const day = Date.UTC(2024, 1, 29);
  expect([...chunk!.values].map(Number)).toEqual([day + 6 * 3.6e6, day + 7 * 3.6e6 + 500, day + 8 * 3.6e6]);
});

test("a day that does not exist is refused", async () => {
  expect(() => at(["2024-02-30"])).toThrow(/2024-02-30 does not exist/);
});
