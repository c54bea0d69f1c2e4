/** The packaged events are the facts of the fixture, and survive the peer's own layout. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packagedCases, parseCases } from "../../src/catalog/index.ts";
import { describeShared, sharedPath } from "../shared.ts";

interface Event {
  readonly case_id: number;
  readonly event_type: string;
  readonly title: string;
  readonly start: string;
  readonly end: string;
  readonly latitude_min: number;
  readonly latitude_max: number;
  readonly longitude_min: number;
  readonly longitude_max: number;
}

/** Lines of a CSV in which only titles may be quoted. */
const readEvents = (text: string): Event[] => {
  const [head, ...lines] = text.trim().split("\n");
  const names = head!.split(",");
  return lines.map((line) => {
    const fields = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) => field!);
    const row = Object.fromEntries(
      names.map((name, i) => [name, fields[i]!.replace(/^"|"$/g, "").replaceAll('""', '"')]),
    );
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, /_(id|min|max)$/.test(name) ? Number(value) : value]),
    ) as unknown as Event;
  });
};

const csv = sharedPath("cases", "events.csv");
const events = existsSync(csv) ? readEvents(readFileSync(csv, "utf8")) : [];
const expected = events.map((event) => ({
  id: event.case_id,
  title: event.title,
  type: event.event_type,
  start: Date.parse(event.start),
  end: Date.parse(event.end),
  region: {
    south: event.latitude_min,
    north: event.latitude_max,
    west: event.longitude_min,
    east: event.longitude_max,
  },
}));

describeShared("the events of the fixture", () => {
  test("are the packaged ones", () => {
    expect(expected.length).toBeGreaterThan(300);
    expect(packagedCases()).toEqual(expected);
  });

  test("load from a YAML file of the usual layout, all of them", () => {
    const text = events
      .map(
        (event) => `- case_id_number: ${event.case_id}
  title: ${JSON.stringify(event.title)}
  start_date: ${event.start.replace("T", " ").replace("Z", "")}
  end_date: ${event.end.replace("T", " ").replace("Z", "")}
  location:
    type: bounded_region
    parameters:
      latitude_min: ${event.latitude_min}
      latitude_max: ${event.latitude_max}
      longitude_min: ${event.longitude_min}
      longitude_max: ${event.longitude_max}
  event_type: ${event.event_type}
`,
      )
      .join("");
    expect(parseCases(text, "events.yaml")).toEqual({ cases: expected, defects: [] });
  });
});

describe("packaged cases", () => {
  test("have ids of their own and a new list each time", () => {
    const ids = packagedCases().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(329);
    expect(packagedCases()).not.toBe(packagedCases());
  });

  test("by type", () => {
    const count = (wanted: string) => packagedCases().filter(({ type }) => type === wanted).length;
    expect(
      ["severe_convection", "tropical_cyclone", "atmospheric_river", "heat_wave", "freeze"].map(count),
    ).toEqual([115, 98, 56, 46, 14]);
  });
});
