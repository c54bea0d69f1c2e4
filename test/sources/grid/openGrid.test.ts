import { describe, expect, it } from "vitest";
import type { Derivation } from "../../../src/model/derivation.ts";
import type { FieldPlace, Source } from "../../../src/model/source.ts";
import { openGrid } from "../../../src/sources/grid/openGrid.ts";
import type { StoredGroup } from "../../../src/sources/storedArray.ts";
import { along, type Chunked, chunkedGroup, hours, hoursSince } from "./chunkedGroup.ts";
import { testContext } from "./openTest.ts";

const field = (values: readonly number[], more: Partial<Chunked> = {}, dims: string[] = []): Chunked => {
  const shape = [1, ...dims.map(() => values.length / 4), 2, 2];
  return {
    dims: ["time", ...dims, "latitude", "longitude"],
    shape,
    values: Float32Array.from(values),
    attributes: { units: "m s-1" },
    ...more,
  };
};

const axes = {
  time: along("time", [6], hoursSince),
  latitude: along("latitude", [50, 49]),
  longitude: along("longitude", [0, 1]),
};

const source = (more: Partial<Source> = {}): Source => ({
  role: "target",
  name: "winds",
  format: "zarr",
  address: "test-store",
  variables: { u: "m s-1", v: "m s-1" },
  ...more,
});

const whole = { rows: { start: 0, stop: 2 }, columns: [{ start: 0, stop: 2 }] };
const slot = { time: 0 };

const open = (arrays: Record<string, Chunked>, more: Partial<Source> = {}) =>
  openGrid(chunkedGroup({ ...axes, ...arrays }), source(more), testContext().context);

const speed: Derivation<{ u: "m s-1"; v: "m s-1" }, { speed: "m s-1" }> = {
  name: "speed",
  needs: { u: "m s-1", v: "m s-1" },
  gives: { speed: "m s-1" },
  compute: ({ u, v }) => ({
    speed: { unit: "m s-1", values: u.values.map((x, i) => Math.hypot(x, v.values[i]!)) as Float32Array },
  }),
};

const twice: Derivation<{ speed: "m s-1" }, { twice: "m s-1" }> = {
  name: "twice",
  needs: { speed: "m s-1" },
  gives: { twice: "m s-1" },
  compute: ({ speed: s }) => ({
    twice: { unit: "m s-1", values: s.values.map((x) => 2 * x) as Float32Array },
  }),
};

const winds = { u: field([3, 6, 0, 1]), v: field([4, 8, 1, 0]), w: field([9, 9, 9, 9]) };

describe("derivations and preprocess", () => {
  it("reads what a derivation needs, and gives what was asked for", async () => {
    const opened = await open(winds, {
      variables: { u: "m s-1", v: "m s-1", speed: "m s-1", twice: "m s-1" },
      derivations: [speed, twice],
    });
    await opened.check(["twice"]);
    const { fields, versions } = await opened.read(slot, ["twice", "u"], whole, {});
    expect(Object.keys(fields)).toEqual(["twice", "u"]);
    expect([...fields.twice!.values]).toEqual([10, 20, 2, 2]);
    expect([...fields.u!.values]).toEqual([3, 6, 0, 1]);
    expect([...versions.keys()].map((id) => id.split("/")[1]).sort()).toEqual(["u", "v"]);
    const ids = opened.cost(slot, ["twice"], whole).chunks.map(({ id }) => id.split("/")[1]);
    expect(ids.sort()).toEqual(["u", "v"]);
  });

  it("replaces nothing that the store has", async () => {
    const opened = await open({ ...winds, speed: field([1, 1, 1, 1]) }, { derivations: [speed] });
    await opened.check(["speed"]);
    const { fields } = await opened.read(slot, ["speed"], whole, {});
    expect([...fields.speed!.values]).toEqual([1, 1, 1, 1]);

    const greedy = {
      ...speed,
      compute: (given: Parameters<typeof speed.compute>[0]) => ({
        ...speed.compute(given),
        u: { unit: "m s-1" as const, values: Float32Array.of(0, 0, 0, 0) },
      }),
    };
    const kept = await open(winds, { derivations: [greedy] });
    const both = await kept.read(slot, ["speed", "u"], whole, {});
    expect([...both.fields.u!.values]).toEqual([3, 6, 0, 1]);
  });

  it("keeps chunks as they are though a derivation writes into what it gets", async () => {
    const offset: typeof speed = {
      ...speed,
      compute: ({ u }) => {
        for (let i = 0; i < u.values.length; i++) u.values[i]! -= 1;
        return { speed: { unit: "m s-1", values: u.values } };
      },
    };
    const opened = await open(winds, { derivations: [offset] });
    const memory = {
      float32: (length: number) => new Float32Array(length),
      float64: (length: number) => new Float64Array(length),
    };
    for (let again = 0; again < 2; again++) {
      const { fields } = await opened.read(slot, ["speed"], whole, { memory });
      expect([...fields.speed!.values]).toEqual([2, 5, -1, 0]);
    }
    // Two fields of the derivation's own, and what it makes.
    expect(opened.cost(slot, ["u", "v"], whole).bytes).toBe(0);
    expect(opened.cost(slot, ["speed"], whole).bytes).toBe(2 * 16 + 32);
  });

  it("names a derivation whose input is missing, that runs in a circle, or gives too little", async () => {
    const opened = await open({ u: winds.u }, { variables: { u: "m s-1" }, derivations: [speed] });
    await expect(opened.check(["speed"])).rejects.toThrow(/no array for v/);
    const round = { ...speed, needs: { twice: "m s-1" } } as unknown as typeof speed;
    await expect(open(winds, { variables: { speed: "m s-1" }, derivations: [round, twice] })).rejects.toThrow(
      /circle: speed -> twice -> speed/,
    );
    const short = { ...speed, compute: () => ({}) } as unknown as typeof speed;
    const lacking = await open(winds, { derivations: [short] });
    await expect(lacking.read(slot, ["speed"], whole, {})).rejects.toThrow(/did not give speed/);
  });

  it("hands the fields and their places to the hook, before derivations", async () => {
    let seen: FieldPlace | undefined;
    const opened = await open(winds, {
      derivations: [speed],
      preprocess: (fields, place) => {
        seen = place;
        return { ...fields, u: { unit: "m s-1", values: Float32Array.of(0, 0, 0, 0) } };
      },
    });
    const window = {
      rows: { start: 1, stop: 2 },
      columns: [
        { start: 1, stop: 2 },
        { start: 0, stop: 1 },
      ],
    };
    await expect(opened.read(slot, ["speed"], window, {})).rejects.toThrow(/4 values of u; 2 were expected/);
    const { fields } = await opened.read(slot, ["speed"], whole, {});
    expect([...fields.speed!.values]).toEqual([4, 8, 1, 0]);
    expect(seen).toEqual({
      source: "winds",
      validTime: hours(6)[0],
      latitude: Float64Array.of(50, 49),
      longitude: Float64Array.of(0, 1),
    });
  });
});

describe("levels, members, absent chunks", () => {
  const t = (dim: string, more: Partial<Chunked> = {}) => ({
    u: field([1, 2, 3, 4, 5, 6, 7, 8], more, [dim]),
  });
  const pick = (name: string, at: Record<string, number>): Partial<Source> => ({
    variables: { u: "m s-1" },
    mapping: { u: { name, at } },
  });
  const values = async (arrays: Record<string, Chunked>, more: Partial<Source>) => {
    const opened = await open(arrays, more);
    await opened.check(["u"]);
    const { fields } = await opened.read(slot, ["u"], whole, {});
    return { values: [...fields.u!.values], level: opened.level("u") };
  };

  it("picks a level by its value, in hPa or Pa, never the nearest", async () => {
    const hPa = { ...t("level"), level: along("level", [850, 500]) };
    expect(await values(hPa, pick("u", { level: 500 }))).toEqual({ values: [5, 6, 7, 8], level: 500 });
    expect((await values(hPa, pick("u", { level: 50000 }))).level).toBe(500);
    const pa = { ...t("plev"), plev: along("plev", [85000, 50000], { units: "Pa" }) };
    expect(await values(pa, pick("u", { level: 500 }))).toEqual({ values: [5, 6, 7, 8], level: 500 });
    expect(await values(pa, pick("u", { plev: 50000 }))).toEqual({ values: [5, 6, 7, 8], level: 500 });
    const height = { ...t("height"), height: along("height", [10, 100], { units: "m" }) };
    expect(await values(height, pick("u", { height: 100 }))).toEqual({ values: [5, 6, 7, 8], level: 100 });
    await expect(values(hPa, pick("u", { level: 700 }))).rejects.toThrow(/no value 700; there are 850, 500/);
    await expect(values(hPa, pick("u", { height: 2, level: 500 }))).rejects.toThrow(/no dimension height/);
    await expect(values(hPa, { variables: { u: "m s-1" } })).rejects.toThrow(
      /2 values along level: 850, 500.*at: \{ level: 850 \}/,
    );
  });

  it("drops dimensions of one value, and reports a level of pressure", async () => {
    const arrays = { u: field([1, 2, 3, 4], {}, ["level"]), level: along("level", [850]) };
    expect(await values(arrays, { variables: { u: "m s-1" } })).toEqual({ values: [1, 2, 3, 4], level: 850 });
    const height = { u: field([1, 2, 3, 4], {}, ["height"]), height: along("height", [10], { units: "m" }) };
    expect(await values(height, { variables: { u: "m s-1" } })).toEqual({
      values: [1, 2, 3, 4],
      level: null,
    });
  });

  it("gives the members one by one beside what it gives without them", async () => {
    const u = field([3, 6, 0, 1, 5, Number.NaN, 8, 1], {}, ["number"]);
    const opened = await open(
      { u, number: along("number", [3, 8]), v: field([4, 8, 1, 0]) },
      { variables: { u: "m s-1", v: "m s-1", speed: "m s-1" }, derivations: [speed] },
    );
    await opened.check(["speed"]);
    const names = ["u", "v", "speed"];
    const lists = ({ fields }: Awaited<ReturnType<typeof opened.read>>) =>
      names.map((name) => fields[name]!.members?.map((values) => [...values]));
    const { fields } = await opened.read(slot, names, whole, {});
    expect(lists(await opened.read(slot, names, whole, {}))).toEqual([undefined, undefined, undefined]);
    const each = await opened.read(slot, names, whole, { members: true });
    expect(lists(each)).toEqual([
      [
        [3, 6, 0, 1],
        [5, Number.NaN, 8, 1],
      ],
      [
        [4, 8, 1, 0],
        [4, 8, 1, 0],
      ],
      [[5, 10, 1, 1], [Math.hypot(5, 4), Number.NaN, Math.hypot(8, 1), 1].map((x) => Math.fround(x))],
    ]);
    for (const name of names) expect(each.fields[name]!.values).toEqual(fields[name]!.values);
    expect([opened.members("u"), opened.members("v"), opened.members("speed")]).toEqual([2, 1, 2]);
    const bytes = (members: boolean) => opened.cost(slot, names, whole, members).bytes;
    expect(bytes(true)).toBeGreaterThan(bytes(false));
  });

  it("gives one member where the store has none, and a hook sees it once", async () => {
    let calls = 0;
    const opened = await open(winds, {
      preprocess: ({ u }) => {
        calls += 1;
        for (let i = 0; i < 4; i++) u!.values[i] = 2 * u!.values[i]!;
        return {};
      },
    });
    await opened.check(["u"]);
    const { fields } = await opened.read(slot, ["u"], whole, { members: true });
    expect(calls).toBe(1);
    expect(fields.u!.members!.map((values) => [...values])).toEqual([[6, 12, 0, 2]]);
    expect([...fields.u!.values]).toEqual([6, 12, 0, 2]);
  });

  it("a climatology without days is a field that never changes", async () => {
    const land = { ...field([1, 0, 1, 1]), dims: ["latitude", "longitude"], shape: [2, 2] };
    const opened = await open({ u: land }, { role: "climatology", variables: { u: "m s-1" } });
    await opened.check(["u"]);
    const { times } = opened;
    const at = times.kind === "climatology" ? times.slot(Date.UTC(2020, 1, 29, 5)) : undefined;
    expect([...(await opened.read(at!, ["u"], whole, {})).fields.u!.values]).toEqual([1, 0, 1, 1]);
  });

  it("takes the mean of the members present, or the one of that number", async () => {
    const members = field([1, 2, Number.NaN, Number.NaN, 5, Number.NaN, 7, Number.NaN], {}, ["number"]);
    const arrays = { u: members, number: along("number", [3, 8]) };
    const more = { variables: { u: "m s-1" } };
    expect((await values(arrays, more)).values).toEqual([3, 2, 7, Number.NaN]);
    expect((await values(arrays, { ...more, member: 8 })).values).toEqual([5, Number.NaN, 7, Number.NaN]);
    await expect(values(arrays, { ...more, member: 0 })).rejects.toThrow(/no member 0; there are 3, 8/);
  });

  it("takes an absent chunk for missing, unless the source says that it is the fill value", async () => {
    const gone = { u: field([1, 2, 3, 4], { absent: ["0.0.0"], fill: 0 }) };
    const more = { variables: { u: "m s-1" } };
    expect((await values(gone, more)).values).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect((await values(gone, { ...more, absent: "fill" })).values).toEqual([0, 0, 0, 0]);
    const { versions } = await (await open(gone, more)).read(slot, ["u"], whole, {});
    expect([...versions.values()]).toEqual(["absent"]);
  });

  it("counts infinite values of the chunk and never averages them", async () => {
    const endless = { u: field([1, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY]) };
    const opened = await open(endless, { variables: { u: "m s-1" } });
    const first = { rows: { start: 0, stop: 1 }, columns: [{ start: 0, stop: 2 }] };
    await expect(opened.read(slot, ["u"], first, {})).rejects.toMatchObject({
      tag: "InvalidValue",
      message: expect.stringMatching(/test-store: chunk 0.0.0 of u .* 2 infinite values/),
      place: { source: "test-store", variable: "u", chunk: "0.0.0" },
    });
    const second = { rows: { start: 1, stop: 2 }, columns: [{ start: 0, stop: 1 }] };
    expect([...(await opened.read(slot, ["u"], second, {})).fields.u!.values]).toEqual([3]);
  });
});

describe("openGrid", () => {
  it("opens with the variables that are there, and names those that are not", async () => {
    const opened = await open({ u: winds.u });
    await opened.check(["u"]);
    await expect(opened.check(["v"])).rejects.toThrow(
      /no array for v.*There are: latitude, longitude, time, u/,
    );
    await expect(open({ x: winds.u })).rejects.toThrow(/no array for u/);
    await expect(opened.read(slot, ["v"], whole, {})).rejects.toThrow(/checked/);
  });

  it("refuses a variable on another grid or other times", async () => {
    const other = { ...winds.v, dims: ["time", "lat", "lon"] };
    const moved = await open({ u: winds.u, v: other, lat: along("lat", [1, 2]), lon: along("lon", [1, 2]) });
    await expect(moved.check(["v"])).rejects.toThrow(/v lies on lat x lon.*latitude x longitude/);
    const later = {
      ...winds.v,
      dims: ["valid_time", "latitude", "longitude"],
      shape: [2, 2, 2],
      values: new Float32Array(8),
    };
    const shifted = await open({ u: winds.u, v: later, valid_time: along("valid_time", [0, 6], hoursSince) });
    await expect(shifted.check(["v"])).rejects.toThrow(/time axis valid_time/);
  });

  it("reads fields without a time axis with those that have one", async () => {
    const mask = { ...winds.v, dims: ["latitude", "longitude"], shape: [2, 2] };
    const opened = await open({ u: winds.u, v: mask });
    await opened.check(["u", "v"]);
    const { fields } = await opened.read(slot, ["u", "v"], whole, {});
    expect([...fields.v!.values]).toEqual([4, 8, 1, 0]);
  });

  it("says where a unit was taken from the mapping", async () => {
    const bare = { u: field([1, 2, 3, 4], { attributes: {} }) };
    const opened = await open(bare, {
      variables: { u: "m s-1" },
      mapping: { u: { name: "u", unit: "km/h" } },
    });
    expect(opened.warnings.join()).toMatch(/u has no units; taken as "km\/h"/);
  });

  it("asks a store that cannot be listed for the usual names", async () => {
    const group = chunkedGroup({ ...axes, u10: winds.u });
    const unlisted: StoredGroup = { ...group, names: [] };
    const more = source({ variables: { surface_eastward_wind: "m s-1" } });
    const opened = await openGrid(unlisted, more, testContext().context);
    await opened.check(["surface_eastward_wind"]);
    expect([...opened.grid.latitude]).toEqual([50, 49]);
  });

  it("reads each chunk once through the cache", async () => {
    const { context, counted } = testContext();
    const opened = await openGrid(chunkedGroup({ ...axes, ...winds }), source(), context);
    await opened.read(slot, ["u"], whole, {});
    await opened.read(slot, ["u", "v"], whole, {});
    expect(counted.loads).toBe(2);
  });

  it("stops where it is told to", async () => {
    const opened = await open(winds);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(opened.read(slot, ["u"], whole, { signal })).rejects.toThrow("enough");
  });
});
