/** What opening a store of 4 TB asks over the web: counts, and how many requests wait for another one. */
import { describe, expect, it } from "vitest";
import type { Source } from "../../../src/model/source.ts";
import { sourceOpener } from "../../../src/sources/openSource.ts";
import { testContext } from "../grid/openTest.ts";
import { giveBytes, serve } from "../stores/server.ts";
import { type LargeOptions, largeStore } from "./largeStore.ts";

const delay = 50;

/** A server that answers in rounds: when nothing has been asked for a while, all that waits is answered at once. */
const inRounds = async (objects: ReadonlyMap<string, Uint8Array>) => {
  let rounds = 0;
  let waiting: (() => void)[] = [];
  let round: NodeJS.Timeout | undefined;
  const answer = () => {
    const before = waiting.length;
    // After a stall timers come before what arrived meanwhile: look once more.
    setTimeout(() => {
      if (waiting.length > before) return;
      rounds += 1;
      const all = waiting;
      waiting = [];
      for (const give of all) give();
    }, 5);
  };
  const server = await serve((request, response) => {
    waiting.push(() => {
      const bytes = objects.get(decodeURIComponent(request.url!.slice(1)));
      if (bytes !== undefined) giveBytes(bytes)(request, response);
      else response.writeHead(404, { "content-length": 0 }).end();
    });
    clearTimeout(round);
    round = setTimeout(answer, delay);
  });
  return {
    server,
    /** Round trips in a row. */
    get depth() {
      return rounds;
    },
  };
};

const sourceOf = (address: string, more: Partial<Source>): Source => ({
  ...{ role: "target", name: "large", format: "zarr", address },
  variables: {
    surface_air_temperature: "K",
    surface_dewpoint_temperature: "K",
    air_temperature: "K",
    geopotential: "m2 s-2",
  },
  mapping: {
    air_temperature: { at: { level: 850 } },
    geopotential: { name: "geopotential", at: { level: 500 } },
  },
  ...more,
});

const openedSlowly = async (options: LargeOptions, more: Partial<Source> = {}) => {
  const held = await inRounds(largeStore(options));
  await using server = held.server;
  const { context, counted } = testContext();
  await using opener = sourceOpener(context);
  const source = sourceOf(server.url, { role: options.role, ...more });
  const opened = await opener.open(source);
  await opened.check(Object.keys(source.variables));
  expect(counted.requests).toBe(server.asked.length);
  return { asked: server.asked, depth: held.depth, opened };
};

const cases = ([2, 3] as const).flatMap((version) =>
  (["target", "forecast"] as const).map((role) => ({ version, role })),
);

describe("opening a store of 4 TB over the web", () => {
  it.each(cases)("asks for little, consolidated: version $version, a $role", async ({ version, role }) => {
    const { asked, depth, opened } = await openedSlowly({ version, role, consolidated: true });
    const document = version === 2 ? ".zarray" : "zarr.json";
    const chunk = version === 2 ? "0" : "c/0";
    const labels = [
      "time",
      ...(role === "forecast" ? ["prediction_timedelta"] : []),
      "latitude",
      "longitude",
      "level",
    ];
    expect([...asked].sort()).toEqual(
      [
        ...["/zarr.json", "/.zmetadata", `/2m_temperature/${document}`],
        ...labels.map((name) => `/${name}/${chunk}`),
      ].sort(),
    );
    expect(asked.length).toBeLessThan(10);
    expect(depth).toBe(3);
    expect(opened.warnings).toEqual([]);
  });

  it.each(cases)(
    "asks for what it uses only, plain: version $version, a $role",
    async ({ version, role }) => {
      const mapping = { surface_air_temperature: "2m_temperature" };
      const variables = { surface_air_temperature: "K" };
      const { asked, depth } = await openedSlowly(
        { version, role, consolidated: false },
        { mapping, variables },
      );
      const arrays = role === "forecast" ? 5 : 4;
      // Where the group is, documents of the arrays, chunks of the coordinates.
      const expected = (version === 2 ? 4 + 2 * arrays : 2 + arrays) + arrays - 1;
      expect(asked.length).toBe(expected);
      expect(new Set(asked).size).toBe(expected);
      expect(depth).toBeLessThanOrEqual(version === 2 ? 8 : 5);
    },
  );

  it("opens sources of one address once, whatever they ask of it", async () => {
    const held = await inRounds(largeStore({ version: 2, consolidated: true, role: "target" }));
    await using server = held.server;
    await using opener = sourceOpener(testContext().context);
    const open = async (variables: Source["variables"], more: Partial<Source> = {}) => {
      const before = server.asked.length;
      const opened = await opener.open(sourceOf(server.url, { variables, ...more }));
      if (opened.kind !== "grid" || opened.times.kind !== "target") throw new Error("a target was expected");
      return { asked: server.asked.length - before, opened, times: opened.times.times.length };
    };
    const [first, second] = [await open({ air_temperature: "K" }), await open({ geopotential: "m2 s-2" })];
    expect([first.asked, first.times]).toEqual([7, 93_504]);
    expect([second.asked, second.times]).toEqual([0, 93_504]);
    expect(second.opened.level("geopotential")).toBe(500);
    const derived = await open({ air_temperature: "K", wind: "m s-1" }, { name: "derived" });
    expect(derived.asked).toBe(0);
  });

  it("asks an address that failed again", async () => {
    const objects = largeStore({ version: 2, consolidated: true, role: "target" });
    const document = objects.get(".zmetadata")!;
    objects.set(".zmetadata", document.subarray(0, 99));
    await using server = (await inRounds(objects)).server;
    await using opener = sourceOpener(testContext().context);
    const source = sourceOf(server.url, { variables: { surface_air_temperature: "K" } });
    await expect(opener.open(source)).rejects.toThrow(/.zmetadata: text that breaks/);
    objects.set(".zmetadata", document);
    await opener.open(source);
  });

  it("reads a time axis in many chunks side by side, and says what that costs", async () => {
    const options = { version: 2, consolidated: true, role: "forecast", timesAChunk: 1 } as const;
    const { asked, depth, opened } = await openedSlowly(options, {
      variables: { surface_air_temperature: "K" },
    });
    // A straggler may have been asked twice.
    expect(new Set(asked).size).toBe(7 + 2280);
    expect(depth).toBeLessThan(60);
    expect(opened.warnings.join()).toMatch(/time lies in 2280 chunks/);
  });
});
