import { describe, expect, test } from "vitest";
import { boundedRegion, centeredRegion, defineCase } from "../../src/catalog/index.ts";

const box = { south: 39, north: 65, west: -136.75, east: -105.75 };

describe("regions", () => {
  test("keep their numbers, whatever the convention of longitudes", () => {
    for (const [west, east] of [
      [-136.75, -105.75],
      [240.86, 285.64],
      [170, 190],
      [356.3, 28.7],
      [-190, -170],
      [-180, 180],
      [0, 360],
      [0, 720],
    ] as const) {
      expect(boundedRegion({ ...box, west, east })).toEqual({ ...box, west, east });
    }
  });

  test.each([
    [{ south: Number.NaN }, "south NaN"],
    [{ north: 900 }, "north 900 is not a latitude"],
    [{ south: -91 }, "south -91"],
    [{ south: 70 }, "south 70 is above the northern bound 65"],
    [{ south: 65 }, "no height"],
    [{ west: -105.75 }, "no width"],
    [{ west: 10, east: 370 - 360 }, "no width"],
    [{ west: 350, east: -10 }, "no width"],
    [{ west: 180, east: -180 }, "no width"],
    [{ east: 1000 }, "east 1000 is not a longitude"],
    [{ east: Number.POSITIVE_INFINITY }, "east Infinity"],
  ])("%o is refused", (change, message) =>
    expect(() => boundedRegion({ ...box, ...change })).toThrowError(
      expect.objectContaining({ tag: "Cases", message: expect.stringContaining(message) }),
    ),
  );

  test("centred: full widths, one or [latitude, longitude], cut off at the poles", () => {
    expect(centeredRegion({ latitude: 41, longitude: -120, degrees: 4 })).toEqual({
      south: 39,
      north: 43,
      west: -122,
      east: -118,
    });
    expect(centeredRegion({ latitude: 0, longitude: -359, degrees: 10 })).toMatchObject({
      west: -4,
      east: 6,
    });
    expect(centeredRegion({ latitude: 0, longitude: 719, degrees: 10 })).toMatchObject({
      west: 354,
      east: 364,
    });
    expect(centeredRegion({ latitude: 41, longitude: 240, degrees: [2, 6] })).toEqual({
      south: 40,
      north: 42,
      west: 237,
      east: 243,
    });
    expect(centeredRegion({ latitude: 88, longitude: 0, degrees: 10 })).toMatchObject({
      south: 83,
      north: 90,
    });
    expect(centeredRegion({ latitude: -90, longitude: 0, degrees: [10, 360] })).toEqual({
      south: -90,
      north: -85,
      west: -180,
      east: 180,
    });
  });

  test.each([0, -1, 361, Number.NaN])("a width of %d is refused", (degrees) =>
    expect(() => centeredRegion({ latitude: 0, longitude: 0, degrees })).toThrow(/no width/),
  );

  test("a centre beyond a pole is refused", () => {
    expect(() => centeredRegion({ latitude: 91, longitude: 0, degrees: 1 })).toThrow(/latitude 91/);
  });
});

describe("defineCase", () => {
  const good = { id: 1, title: "x", type: "heat_wave", start: "2021-06-20", end: "2021-07-03", region: box };

  test("reads ISO text as UTC, and Dates", () => {
    const event = defineCase({ ...good, end: new Date(Date.UTC(2021, 6, 3)) });
    expect(event).toEqual({
      id: 1,
      title: "x",
      type: "heat_wave",
      start: Date.UTC(2021, 5, 20),
      end: Date.UTC(2021, 6, 3),
      region: box,
    });
  });

  test("an instant is a case", () => {
    expect(defineCase({ ...good, end: good.start }).end).toBe(Date.UTC(2021, 5, 20));
    expect(defineCase({ ...good, end: "open" }).end).toBeGreaterThan(Date.UTC(9000, 0));
  });

  test.each([
    [{ id: 1.5 }, "id 1.5"],
    [{ id: 3e9 }, "32 bits"],
    [{ title: " " }, "title is empty"],
    [{ type: "" }, "type is empty"],
    [{ start: "2021-02-30" }, "no day 30"],
    [{ start: new Date(Number.NaN) }, "invalid Date"],
    [{ start: "2021-08-01" }, "after its end at 2021-07-03T00:00Z"],
    [{ region: { ...box, north: 95 } }, "region: north 95"],
  ])("%o is refused", (change, message) =>
    expect(() => defineCase({ ...good, ...change })).toThrowError(
      expect.objectContaining({ tag: "Cases", message: expect.stringContaining(message) }),
    ),
  );

  test("says everything at once", () => {
    expect(() => defineCase({ ...good, id: 0.5, title: "", start: "soon" })).toThrow(/id 0.5.*title.*start/);
  });
});
