import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EwbError } from "../../../src/model/errors.ts";
import type { PointSelection } from "../../../src/model/openSource.ts";
import type { Source } from "../../../src/model/source.ts";
import { folderAndFile, openStations } from "../../../src/sources/stations/openStations.ts";
import { describeShared, sharedPath } from "../../shared.ts";
import { openTestPoints, testContext } from "../grid/openTest.ts";

const variable = "surface_air_temperature";
const everywhere = (_latitude: number, _longitude: number) => true;
const always = [-8e15, 8e15] as const;

const source = (address: string, more: Partial<Source> = {}): Source => ({
  role: "target",
  name: "stations",
  format: "stations",
  address,
  variables: { [variable]: "K" },
  ...more,
});

const select = async (
  given: Source,
  start: number = always[0],
  end: number = always[1],
  inside = everywhere,
) => {
  const opened = await openTestPoints(given);
  await opened.check([variable]);
  const selection = await opened.select(inside, start, end, [variable], {});
  expect(opened.cost(start, end, [variable]).bytes).toBeGreaterThanOrEqual(
    selection.times.length > 0 ? selection.bytes : 0,
  );
  return selection;
};

const count = ({ times, at }: PointSelection): number => {
  let n = 0;
  for (const time of times) for (const value of at(time)![variable]!.values) n += Number.isNaN(value) ? 0 : 1;
  return n;
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ewb-stations-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Column = Parameters<typeof parquetWriteBuffer>[0]["columnData"][number];

const write = (name: string, columnData: Column[], rowGroupSize = 1000): string => {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize })));
  return path;
};

const stamp = (...hours: number[]) => hours.map((hour) => new Date(Date.UTC(2021, 5, 20, hour)));
const at = (hour: number) => Date.UTC(2021, 5, 20, hour);

const doubles = (name: string, data: (number | null)[]): Column => ({ name, data, type: "DOUBLE" });

const table = (more: Column[] = [], hours = stamp(6, 0, 0, 6)): Column[] => [
  { name: "valid_time", data: hours, type: "TIMESTAMP" },
  doubles("latitude", [50, 50, 40, 40]),
  doubles("longitude", [350, -10, 5, 5]),
  doubles(variable, [280, 281, 282, null]),
  ...more,
];

describe("tables of reports", () => {
  it("orders points by station, latitude, longitude, and fields by time", async () => {
    const ids: Column = { name: "station", data: ["B", "B", "A", "A"], type: "STRING" };
    const found = await select(source(write("plain.parquet", table([ids]))));
    expect(found.stations).toEqual(["A", "B"]);
    expect([...found.latitude]).toEqual([40, 50]);
    expect([...found.longitude]).toEqual([5, -10]);
    expect(found.times).toEqual([at(0), at(6)]);
    expect([...found.at(at(0))![variable]!.values]).toEqual([282, 281]);
    expect([...found.at(at(6))![variable]!.values]).toEqual([Number.NaN, 280]);
    expect(found.at(at(3))).toBeUndefined();
    expect(found.at(at(0))![variable]!.unit).toBe("K");
    expect(found.versions.size).toBe(1);
    expect(found.warnings.join()).toMatch(/surface_air_temperature states no unit; taken as K/);
  });

  it("does without a station, and selects by place and time", async () => {
    const path = write("places.parquet", table());
    const north = await select(source(path), at(0), at(1), (latitude) => latitude > 45);
    expect([...north.latitude]).toEqual([50]);
    expect(north.times).toEqual([at(0)]);
    expect([...north.at(at(0))![variable]!.values]).toEqual([281]);
    expect((await select(source(path), at(7), at(9))).times).toEqual([]);
  });

  it("keeps the first of two reports of a point at one time, and says so", async () => {
    const found = await select(source(write("twice.parquet", table([], stamp(6, 6, 0, 0)))));
    expect([...found.at(at(6))![variable]!.values]).toEqual([Number.NaN, 280]);
    expect([...found.at(at(0))![variable]!.values]).toEqual([282, Number.NaN]);
    expect(found.warnings.join()).toMatch(/2 reports of a point/);
  });

  it("reads text coordinates, text and number times, a value column", async () => {
    const texts = (...data: string[]) => data;
    const path = write("text.parquet", [
      { name: "time", data: texts("2021-06-20 06:00:00", "2021-06-20T00:00:00Z"), type: "STRING" },
      { name: "lat", data: texts("50", " 40.5"), type: "STRING" },
      { name: "lon", data: texts("-10", "5"), type: "STRING" },
      doubles("value", [1, 2]),
    ]);
    const found = await select(source(path));
    expect(found.times).toEqual([at(0), at(6)]);
    expect([...found.latitude]).toEqual([40.5, 50]);
    for (const [unit, scale] of [
      ["seconds since 1970-01-01", 1000],
      [undefined, 1000],
      [undefined, 1],
    ] as const) {
      const numbers = write("numbers.parquet", [
        doubles("time", [at(6) / scale, at(0) / scale]),
        doubles("lat", [50, 40]),
        doubles("lon", [1, 2]),
        doubles("value", [1, 2]),
      ]);
      const mapping = unit === undefined ? {} : { time: { name: "time", unit } };
      const read = await select(source(numbers, { mapping }));
      expect(read.times).toEqual([at(0), at(6)]);
      expect(read.warnings.some((text) => text.includes("numbers without a unit"))).toBe(unit === undefined);
    }
  });

  it("converts units that the mapping states, and refuses others", async () => {
    const path = write("celsius.parquet", table());
    const celsius = { mapping: { [variable]: { name: variable, unit: "degC" } } };
    const found = await select(source(path, celsius));
    expect([...found.at(at(0))![variable]!.values]).toEqual([282 + 273.15, 281 + 273.15]);
    const wrong = { mapping: { [variable]: { name: variable, unit: "Pa" } } };
    await expect(select(source(path, wrong))).rejects.toThrow(/"Pa".*"K"/);
  });

  it("reads only the row groups whose times may count, one request a column", async () => {
    const hours = Array.from({ length: 40 }, (_, i) => i);
    const path = write(
      "groups.parquet",
      [
        { name: "valid_time", data: stamp(...hours), type: "TIMESTAMP" },
        doubles(
          "latitude",
          hours.map(() => 50),
        ),
        doubles(
          "longitude",
          hours.map(() => 1),
        ),
        doubles(variable, hours),
      ],
      10,
    );
    const { context, counted } = testContext();
    const opened = await openStations(source(path), context);
    const before = counted.requests;
    const found = await opened.select(everywhere, at(12), at(15), [variable], {});
    expect(counted.requests - before).toBe(4);
    expect(found.times).toEqual([at(12), at(13), at(14), at(15)]);
    expect([...found.versions.keys()]).toEqual(
      opened.cost(at(12), at(15), [variable]).chunks.map(({ id }) => id),
    );
    expect(opened.cost(at(12), at(15), [variable]).bytes).toBeLessThan(
      opened.cost(at(0), at(39), [variable]).bytes,
    );
  });

  it("derives, and runs the hook, on points", async () => {
    const path = write("derived.parquet", table([doubles("extra", [1, 1, 1, 1])]));
    const opened = await openTestPoints(
      source(path, {
        variables: { [variable]: "K", warm: "K" },
        preprocess: (fields, place) => {
          expect(place.latitude.length).toBe(2);
          return fields;
        },
        derivations: [
          {
            name: "warm",
            needs: { [variable]: "K" },
            gives: { warm: "K" },
            compute: (fields) => ({
              warm: { unit: "K", values: (fields[variable]!.values as Float64Array).map((x) => x + 1) },
            }),
          },
        ],
      }),
    );
    await opened.check(["warm"]);
    const found = await opened.select(everywhere, ...always, ["warm"], {});
    expect([...found.at(at(0))!.warm!.values]).toEqual([283, 282]);
    expect(Object.keys(found.at(at(0))!)).toEqual(["warm"]);
  });

  it("names rows that are no places, no numbers, no times", async () => {
    const pole = write("pole.parquet", [
      { name: "time", data: stamp(0, 1), type: "TIMESTAMP" },
      doubles("latitude", [50, 91]),
      doubles("longitude", [0, 0]),
      doubles("value", [1, 2]),
    ]);
    await expect(select(source(pole))).rejects.toThrow(/row 1 lies at latitude 91/);
    const rows = (time: string[], value: Column): Column[] => [
      { name: "time", data: time, type: "STRING" },
      doubles("latitude", [50]),
      doubles("longitude", [0]),
      value,
    ];
    const february = write("february.parquet", rows(["2021-02-30 00:00:00"], doubles("value", [1])));
    await expect(select(source(february))).rejects.toThrow(/time is "2021-02-30 00:00:00" in row 0/);
    const warm = write(
      "warm.parquet",
      rows(["2021-02-28"], { name: "value", data: ["warm"], type: "STRING" }),
    );
    await expect(select(source(warm))).rejects.toThrow(/value is "warm" in row 0/);
    const endless = write("inf.parquet", rows(["2021-02-28"], doubles("value", [Number.POSITIVE_INFINITY])));
    await expect(select(source(endless))).rejects.toThrow(/row 0 has an infinite value/);
    const nowhere = write("nowhere.parquet", [
      { name: "time", data: stamp(0, 1), type: "TIMESTAMP" },
      doubles("latitude", [50, null]),
      doubles("longitude", [0, 0]),
      doubles("value", [1, 2]),
    ]);
    expect((await select(source(nowhere))).warnings.join()).toMatch(/1 rows without time or place/);
  });

  it("lists the columns there are", async () => {
    const path = write("columns.parquet", table());
    const opened = await openTestPoints(source(path, { variables: { dew: "K" } }));
    await expect(opened.check(["dew"])).rejects.toThrow(
      /There are: valid_time, latitude, longitude, surface/,
    );
    await expect(openTestPoints(source(path, { mapping: { latitude: "Y" } }))).rejects.toThrow(/no column Y/);
    await expect(openTestPoints(source(join(folder, "none.parquet")))).rejects.toThrow(
      /none.parquet: no such file/,
    );
  });

  it("tells folder from file", () => {
    expect(folderAndFile("a/b.parquet")).toEqual({ folder: "a", file: "b.parquet" });
    expect(folderAndFile("b.parquet")).toEqual({ folder: ".", file: "b.parquet" });
    expect(folderAndFile("/b.parquet")).toEqual({ folder: "/", file: "b.parquet" });
    expect(folderAndFile("https://h/a/b%20c.parquet?sig=x/y")).toEqual({
      folder: "https://h/a?sig=x/y",
      file: "b c.parquet",
    });
  });
});

describe("tables behind HTTP", () => {
  let server: Server;
  let base: string;
  let ranges = true;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const name = (request.url ?? "").slice(1);
      const bytes = readFileSync(join(folder, name));
      const range = ranges ? /bytes=(\d*)-(\d*)/.exec(request.headers.range ?? "") : null;
      if (!range) {
        response.writeHead(200, { "content-length": bytes.length, etag: '"1"' });
        response.end(request.method === "HEAD" ? undefined : bytes);
        return;
      }
      const start = range[1] === "" ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1]);
      const stop =
        range[1] === "" || range[2] === "" ? bytes.length : Math.min(bytes.length, Number(range[2]) + 1);
      const headers = { "content-range": `bytes ${start}-${stop - 1}/${bytes.length}`, etag: '"1"' };
      response.writeHead(206, { ...headers, "content-length": stop - start });
      response.end(bytes.subarray(start, stop));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  afterAll(() => server.close());

  it("reads ranges, and whole files where a server knows no ranges", async () => {
    write("web.parquet", table());
    for (const served of [true, false]) {
      ranges = served;
      const opened = await openTestPoints(source(`${base}/web.parquet`));
      const found = await opened.select(everywhere, ...always, [variable], {});
      expect(count(found)).toBe(3);
      await opened.close?.();
    }
  });
});

describeShared("Parquet files that are damaged or odd", () => {
  const { faults } = JSON.parse(readFileSync(sharedPath("data", "faults", "faults.json"), "utf8"));
  for (const fault of faults) {
    if (fault.kind !== "parquet") continue;
    it(`${fault.id}: ${fault.outcome} (${fault.what})`, async () => {
      const given = source(sharedPath("data", "faults", fault.path));
      if (fault.outcome === "read") {
        const found = await select(given);
        expect(found.times.length <= (fault.rows ?? 1e9)).toBe(true);
        if (fault.n !== undefined) expect(count(found)).toBe(fault.n);
        if (fault.rows !== undefined && fault.rows > 0) expect(count(found)).toBeGreaterThan(0);
        return;
      }
      const error = await select(given).catch((reason) => reason);
      expect(error).toBeInstanceOf(EwbError);
      expect(error.message).toContain(fault.path.split("/").at(-1));
      if (fault.outcome === "refuse") expect(error.message).toMatch(/There are: /);
      if (fault.what.includes("data page"))
        expect(error.message).toMatch(/row group 1, column air_temperature/);
    });
  }
});

describeShared("one table in many encodings", () => {
  const folderOf = ["data", "metar-2020-01"];
  const facts = JSON.parse(readFileSync(sharedPath(...folderOf, "facts.json"), "utf8"));
  for (const [name, { rows }] of Object.entries<{ rows: number }>(facts.files)) {
    if (!name.endsWith(".parquet")) continue;
    it(name, async () => {
      const mapping = { time: "timeObs", station: "stationName", [variable]: "temperature" };
      const found = await select(source(sharedPath(...folderOf, name), { mapping }));
      const { count: valid, min, max } = facts.columns.temperature;
      const repeats = Number(/(\d+) reports of a point/.exec(found.warnings.join())?.[1] ?? 0);
      let [n, kept, least, most] = [0, 0, 1e9, -1e9];
      for (const time of found.times) {
        for (const value of found.at(time)![variable]!.values) {
          if (Number.isNaN(value)) continue;
          n += 1;
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
      kept = n + repeats;
      expect(rows).toBe(facts.rows);
      expect(kept).toBeGreaterThanOrEqual(valid - (rows - valid));
      expect(n).toBeLessThanOrEqual(valid);
      expect([least, most]).toEqual([min, max]);
      expect(found.stations.length).toBe(12);
    });
  }
});
