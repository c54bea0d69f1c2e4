import { describe, expect, it } from "vitest";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import type { Role, Source } from "../../../src/model/source.ts";
import { openGrid } from "../../../src/sources/grid/openGrid.ts";
import { along, type Chunked, chunkedGroup, hours, hoursSince } from "./chunkedGroup.ts";
import { testContext } from "./openTest.ts";

const hour = 3_600_000;

/** One cell; the value of each element is its index in the array. */
const field = (dims: string[], shape: number[], attributes: object = {}): Chunked => ({
  dims: [...dims, "latitude", "longitude"],
  shape: [...shape, 1, 1],
  chunkShape: [...shape.map(() => 1), 1, 1],
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
  attributes: { units: "K", ...attributes },
});

const open = (
  role: Role,
  arrays: Record<string, Chunked>,
  attributes: object = {},
  more: Partial<Source> = {},
): Promise<OpenGrid> =>
  openGrid(
    chunkedGroup(
      { latitude: along("latitude", [50]), longitude: along("longitude", [0]), ...arrays },
      { ...attributes },
    ),
    {
      role,
      name: "test",
      format: "zarr",
      address: "test-store",
      variables: { surface_air_temperature: "K" },
      mapping: { surface_air_temperature: "t" },
      ...more,
    },
    testContext().context,
  );

const one = { rows: { start: 0, stop: 1 }, columns: [{ start: 0, stop: 1 }] };

const value = async (opened: OpenGrid, slot: Record<string, number>): Promise<number> => {
  const { fields } = await opened.read(slot, ["surface_air_temperature"], one, {});
  return fields.surface_air_temperature!.values[0]!;
};

/** [init hour, lead hour, value] of the refs from `start` to `end` hours. */
const refs = async (opened: OpenGrid, start: number, end: number) => {
  if (opened.times.kind !== "forecast") throw new Error("a forecast was expected");
  const list = [];
  for (const ref of opened.times.refs(hours(start)[0]!, hours(end)[0]!)) {
    expect(ref.validTime).toBe(ref.initTime + ref.lead);
    list.push([(ref.initTime - hours(0)[0]!) / hour, ref.lead / hour, await value(opened, ref.slot)]);
  }
  return list;
};

const leads = (opened: OpenGrid) =>
  opened.times.kind === "forecast" ? opened.times.leads.map((lead) => lead / hour) : undefined;

describe("forecast layouts", () => {
  const inits = along("init_time", [0, 12], hoursSince);
  const ahead = along("lead_time", [0, 6, 12], { units: "hours" });
  const expected = [
    [0, 6, 1],
    [0, 12, 2],
    [12, 0, 3],
    [12, 6, 4],
  ];

  it("reads (init_time, lead_time)", async () => {
    const opened = await open("forecast", {
      t: field(["init_time", "lead_time"], [2, 3]),
      init_time: inits,
      lead_time: ahead,
    });
    expect(await refs(opened, 6, 18)).toEqual(expected);
    expect(leads(opened)).toEqual([0, 6, 12]);
    expect(await refs(opened, 100, 200)).toEqual([]);
    expect((await refs(opened, -100, 200)).length).toBe(6);
  });

  it("reads (time, prediction_timedelta) and (reference_time, step)", async () => {
    const delta = { ...along("prediction_timedelta", [0, 6, 12]), dataType: "timedelta64[h]" };
    const wb2 = await open("forecast", {
      t: field(["time", "prediction_timedelta"], [2, 3]),
      time: along("time", [0, 12], { ...hoursSince, standard_name: "time" }),
      prediction_timedelta: { ...delta, values: BigInt64Array.of(0n, 6n, 12n) },
    });
    expect(await refs(wb2, 6, 18)).toEqual(expected);
    const cfgrib = await open("forecast", {
      t: field(["time", "step"], [2, 3]),
      time: along("time", [0, 12], { ...hoursSince, standard_name: "forecast_reference_time" }),
      step: along("step", [0, 0.25, 0.5], { units: "days" }),
    });
    expect(await refs(cfgrib, 6, 18)).toEqual(expected);
    const integers = await open("forecast", {
      t: field(["init_time", "lead_time"], [2, 3]),
      init_time: inits,
      lead_time: { ...along("lead_time", []), shape: [3], values: Int32Array.of(0, 6, 12) },
    });
    expect(await refs(integers, 6, 18)).toEqual(expected);
  });

  it("reads axes in any order, and dims in any order", async () => {
    const opened = await open("forecast", {
      t: field(["lead_time", "init_time"], [3, 2]),
      init_time: along("init_time", [12, 0], hoursSince),
      lead_time: along("lead_time", [12, 0, 6], { units: "hours" }),
    });
    expect(await refs(opened, 6, 18)).toEqual([
      [0, 6, 5],
      [0, 12, 1],
      [12, 0, 2],
      [12, 6, 4],
    ]);
  });

  it("reads (init_time, valid_time), valid times before the init left out", async () => {
    const opened = await open("forecast", {
      t: field(["init_time", "valid_time"], [2, 3]),
      init_time: inits,
      valid_time: along("valid_time", [6, 12, 24], hoursSince),
    });
    expect(await refs(opened, 0, 24)).toEqual([
      [0, 6, 0],
      [0, 12, 1],
      [0, 24, 2],
      [12, 0, 4],
      [12, 12, 5],
    ]);
    expect(leads(opened)).toEqual([0, 6, 12, 24]);
  });

  it("reads (lead_time, valid_time) by init, then lead", async () => {
    const opened = await open("forecast", {
      t: field(["lead_time", "valid_time"], [2, 2]),
      lead_time: along("lead_time", [6, 0], { units: "hours" }),
      valid_time: along("valid_time", [6, 12], hoursSince),
    });
    expect(await refs(opened, 0, 24)).toEqual([
      [0, 6, 0],
      [6, 0, 2],
      [6, 6, 1],
      [12, 0, 3],
    ]);
  });

  it("reads stores of one run", async () => {
    const scalar: Chunked = { dims: [], shape: [], values: Float64Array.of(12), attributes: hoursSince };
    const byLead = { t: field(["step"], [2]), step: along("step", [0, 6], { units: "hours" }) };
    const runs = [
      [12, 0, 0],
      [12, 6, 1],
    ];
    expect(await refs(await open("forecast", { ...byLead, time: scalar }), 0, 24)).toEqual(runs);
    expect(await refs(await open("forecast", { ...byLead, init_time: scalar }), 0, 24)).toEqual(runs);
    const stamp = { init_time: "2020-01-01T12:00:00Z" };
    expect(await refs(await open("forecast", byLead, stamp), 0, 24)).toEqual(runs);
    const byTime = { t: field(["time"], [3]), time: along("time", [6, 12, 18], hoursSince) };
    const after = [
      [12, 0, 1],
      [12, 6, 2],
    ];
    expect(await refs(await open("forecast", byTime, stamp), 0, 24)).toEqual(after);
    const scalarReference = { forecast_reference_time: scalar };
    expect(await refs(await open("forecast", { ...byTime, ...scalarReference }), 0, 24)).toEqual(after);
    await expect(open("forecast", byTime)).rejects.toThrow(/a forecast needs two of init time/);
    await expect(open("forecast", byLead, { init_time: "last Tuesday" })).rejects.toThrow(/last Tuesday/);
  });

  it("keeps the first of equal inits and says so; refuses equal leads", async () => {
    const opened = await open("forecast", {
      t: field(["init_time", "lead_time"], [3, 1]),
      init_time: along("init_time", [12, 0, 12], hoursSince),
      lead_time: along("lead_time", [0], { units: "hours" }),
    });
    expect(await refs(opened, 0, 24)).toEqual([
      [0, 0, 1],
      [12, 0, 0],
    ]);
    expect(opened.warnings.join()).toMatch(/1 inits of init_time occur a second time/);
    await expect(
      open("forecast", {
        t: field(["init_time", "lead_time"], [1, 2]),
        init_time: along("init_time", [0], hoursSince),
        lead_time: along("lead_time", [6, 6], { units: "hours" }),
      }),
    ).rejects.toThrow(/lead_time has 1 leads a second time/);
  });

  it("takes the absent chunk of a single lead for the 0 that writers leave out, and says so", async () => {
    const make = (leads: number[], lacking: string) =>
      open("forecast", {
        t: field(["init_time", "lead_time"], [2, leads.length]),
        init_time: inits,
        lead_time: { ...along("lead_time", leads, { units: "hours" }), absent: [lacking] },
      });
    const single = await make([0], "0");
    expect(leads(single)).toEqual([0]);
    expect(single.warnings.join()).toMatch(/only chunk of lead_time is absent; its value is taken as 0/);
    await expect(make([0, 6], "0")).rejects.toThrow(/chunk 0 of the coordinate lead_time is absent/);
  });

  it("leaves out leads before 0", async () => {
    const opened = await open("forecast", {
      t: field(["init_time", "lead_time"], [1, 3]),
      init_time: along("init_time", [12], hoursSince),
      lead_time: along("lead_time", [-6, 0, 6], { units: "hours" }),
    });
    expect(leads(opened)).toEqual([0, 6]);
    expect((await refs(opened, 0, 24)).map(([, lead]) => lead)).toEqual([0, 6]);
    expect(opened.warnings.join()).toMatch(/1 leads before 0/);
  });
});

describe("targets", () => {
  it("gives values to their times, whatever their order", async () => {
    const opened = await open("target", {
      t: field(["valid_time"], [3]),
      valid_time: along("valid_time", [12, 0, 6], hoursSince),
    });
    if (opened.times.kind !== "target") throw new Error("a target was expected");
    expect(opened.times.times).toEqual(hours(0, 6, 12));
    expect(await value(opened, opened.times.slot(hours(6)[0]!)!)).toBe(2);
    expect(opened.times.slot(hours(7)[0]!)).toBeUndefined();
  });

  it("refuses a time given twice, and a forecast", async () => {
    await expect(
      open("target", { t: field(["time"], [2]), time: along("time", [6, 6], hoursSince) }),
    ).rejects.toThrow(/2020-01-01T06:00:00.000Z at index 0 and again at index 1/);
    await expect(
      open("target", {
        t: field(["time", "step"], [1, 2]),
        time: along("time", [6], hoursSince),
        step: along("step", [0, 6], { units: "hours" }),
      }),
    ).rejects.toThrow(/a target needs one time axis/);
    await expect(open("target", { t: field([], []) })).rejects.toThrow(/a target needs one time axis/);
  });

  it("reads analyses by their reference time", async () => {
    const opened = await open("target", {
      t: field(["time", "step"], [2, 1]),
      time: along("time", [0, 6], { ...hoursSince, standard_name: "forecast_reference_time" }),
      step: along("step", [3], { units: "hours" }),
    });
    expect(opened.times.kind === "target" && opened.times.times).toEqual(hours(3, 9));
  });
});

describe("climatologies", () => {
  const days = along("dayofyear", [1, 60, 366]);
  const make = (listed: number[], dayNames = "dayofyear", hourNames = "hour") =>
    open("climatology", {
      t: field([hourNames, dayNames], [listed.length, 3]),
      [dayNames]: { ...days, dims: [dayNames] },
      [hourNames]: along(hourNames, listed),
    });
  const entry = async (opened: OpenGrid, iso: string) => {
    if (opened.times.kind !== "climatology") throw new Error("a climatology was expected");
    const slot = opened.times.slot(Date.parse(iso));
    return slot && value(opened, slot);
  };

  it("takes the day of the year and the nearest hour of the day, the earlier one half-way", async () => {
    const opened = await make([0, 6, 12, 18]);
    expect(await entry(opened, "2021-01-01T00:00Z")).toBe(0);
    expect(await entry(opened, "2021-01-01T03:00Z")).toBe(0);
    expect(await entry(opened, "2021-01-01T03:01Z")).toBe(3);
    expect(await entry(opened, "2021-01-01T23:00Z")).toBe(9);
    expect(await entry(opened, "2021-03-01T12:00Z")).toBe(7);
    expect(await entry(opened, "2020-02-29T12:00Z")).toBe(7);
    expect(await entry(opened, "2020-12-31T18:00Z")).toBe(11);
    expect(await entry(opened, "2021-12-31T18:00Z")).toBeUndefined();
    expect(await entry(opened, "2021-01-02T00:00Z")).toBeUndefined();
  });

  it("takes listed hours in any order and other spellings", async () => {
    const opened = await make([12, 0], "day_of_year", "hour_of_day");
    expect(await entry(opened, "2021-01-01T06:00Z")).toBe(3);
    expect(await entry(opened, "2021-01-01T07:00Z")).toBe(0);
  });

  it("refuses days and hours that are none", async () => {
    const bad = { t: field(["dayofyear"], [1]), dayofyear: along("dayofyear", [0]) };
    await expect(open("climatology", bad)).rejects.toThrow(/dayofyear is 0 at index 0/);
    await expect(make([0, 24])).rejects.toThrow(/hour is 24 at index 1/);
    const none = { t: field(["time"], [1]), time: along("time", [0], hoursSince) };
    await expect(open("climatology", none)).rejects.toThrow(/a climatology needs a day of the year/);
  });

  it("picks a quantile", async () => {
    const opened = await open(
      "climatology",
      {
        t: field(["quantile", "dayofyear"], [2, 1]),
        quantile: { ...along("quantile", []), shape: [2], values: Float32Array.of(0.15, 0.85) },
        dayofyear: along("dayofyear", [1]),
      },
      {},
      { mapping: { surface_air_temperature: { name: "t", at: { quantile: 0.85 } } } },
    );
    expect(await entry(opened, "2021-01-01T06:00Z")).toBe(1);
  });
});

describe("an axis in chunks of one value", () => {
  const arrays = {
    t: field(["time"], [3]),
    time: { ...along("time", [0, 6, 12], hoursSince), chunkShape: [1], absent: ["0"] },
  };
  it("needs every chunk, or to be told that the store leaves out what is 0", async () => {
    await expect(open("target", arrays)).rejects.toThrow(
      /chunk 0 of the coordinate time is absent.*absent: "fill"/,
    );
    const { times } = await open("target", arrays, {}, { absent: "fill" });
    expect(times.kind === "target" && times.times[1]! - times.times[0]!).toBe(6 * hour);
  });
});

describe("picking a level", () => {
  const stored = [1, 5, 10, 500, 850, 1000];
  const at = async (level: number, attributes: object, values = stored) => {
    const opened = await open(
      "target",
      {
        t: field(["level", "time"], [values.length, 1]),
        level: {
          ...along("level", []),
          shape: [values.length],
          values: Float32Array.from(values),
          attributes: { ...attributes },
        },
        time: along("time", [0], hoursSince),
      },
      {},
      { mapping: { surface_air_temperature: { name: "t", at: { level } } } },
    );
    await opened.check(["surface_air_temperature"]);
    return stored[await value(opened, { time: 0 })];
  };

  it("takes hPa for hPa, never 5 hPa for 500 Pa", async () => {
    for (const wanted of stored) {
      expect(await at(wanted, { units: "hPa" })).toBe(wanted);
      expect(await at(wanted, {})).toBe(wanted);
      const pascal = stored.map((level) => level * 100);
      expect(await at(wanted, { units: "Pa" }, pascal)).toBe(wanted);
    }
    expect(await at(50_000, { units: "hPa" })).toBe(500);
    await expect(at(100, { units: "hPa" })).rejects.toThrow(/no value 100; there are 1, 5, .* hPa/);
  });

  it("unpacks levels, and refuses one that is there twice", async () => {
    const packed = { units: "hPa", scale_factor: 50 };
    expect(await at(850, packed, [0, 1, 2, 10, 17, 20])).toBe(850);
    await expect(at(5, { units: "hPa" }, [1, 5, 5])).rejects.toThrow(/5 at index 1 and again at index 2/);
  });
});

describe("declared signs", () => {
  it("read unsigned bytes as the signed ones they are declared to be", async () => {
    const bytes = { dims: ["time", "latitude", "longitude"], shape: [1, 1, 1], values: Uint8Array.of(254) };
    const attributes = { units: "K", _Unsigned: "false", add_offset: 280 };
    const opened = await open("target", {
      t: { ...bytes, attributes },
      time: along("time", [0], hoursSince),
    });
    expect(await value(opened, { time: 0 })).toBe(278);
  });
});
