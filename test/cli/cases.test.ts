import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ewb, temporary } from "./ewb.ts";

const good = `- case_id_number: 7
  title: A hot week
  start_date: 2024-07-08 00:00:00
  end_date: 2024-07-15 12:00:00
  location:
    type: bounded_region
    parameters: { latitude_min: 42.0, latitude_max: 52.0, longitude_min: 350.0, longitude_max: 8.0 }
  event_type: heat_wave
`;

const file = (text: string): string => {
  const path = join(temporary(), "cases.yaml");
  writeFileSync(path, text);
  return path;
};

describe("ewb cases", () => {
  test("lists those of the sample", async () => {
    const { code, out } = await ewb(["cases"]);
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      "   1  heat_wave          2024-07-08 00:00 to 2024-07-17 00:00  Sample heat wave, west (42..52 N, -8..8 E)",
      "   2  heat_wave          2024-07-09 00:00 to 2024-07-18 00:00  Sample heat wave, centre (45..55 N, 6..20 E)",
      "   3  severe_convection  2024-07-17 12:00 to 2024-07-18 12:00  Sample thunderstorms after the heat (46..54 N, 4..18 E)",
    ]);
  });

  test("lists those of another data set, and of a file", async () => {
    const { out } = await ewb(["cases", "list", "--data", "public"]);
    expect(out.trim().split("\n").length).toBeGreaterThan(300);
    expect(out).toContain("2021 Pacific Northwest");
    expect((await ewb(["cases", "list", "--cases", file(good)])).out).toMatch(
      /^ {3}7 {2}heat_wave .*A hot week/,
    );
  });

  test("shows one", async () => {
    const { code, out } = await ewb(["cases", "show", "7", "--cases", file(good)]);
    expect(code).toBe(0);
    expect(out).toMatch(/^case 7: A hot week$/m);
    expect(out).toMatch(/^type {4}heat_wave$/m);
    expect(out).toMatch(/^end {5}2024-07-15 12:00 UTC$/m);
    expect(out).toMatch(/^region {2}42\.\.52 N, /m);
  });

  test("checks a good file", async () => {
    expect(await ewb(["cases", "check", file(good)])).toMatchObject({
      code: 0,
      out: "1 good case, 0 defects\n",
    });
  });

  test("names every defect of a bad one with its line, and counts the good cases", async () => {
    const bad = file(
      good +
        good
          .replace("case_id_number: 7", "case_id_number: 8")
          .replace("2024-07-15 12:00:00", "2024-07-01 00:00:00")
          .replace("latitude_max: 52.0", "latitude_max: 92.0"),
    );
    const { code, out, err } = await ewb(["cases", "check", bad]);
    expect(code).toBe(1);
    expect(out).toMatch(/line \d+, case 8.*end/);
    expect(out).toMatch(/line \d+, case 8.*latitude/);
    expect(out).toMatch(/^1 good case, 2 defects$/m);
    expect(err + out).not.toMatch(/\n\s+at /);
  });

  test.each<[string[], RegExp]>([
    [["check"], /ewb cases check FILE: name the case file/],
    [["check", "nowhere.yaml"], /nowhere\.yaml cannot be read/],
    [["check", file("- [")], /cases\.yaml line \d+/],
    [["show", "77"], /no case 77: "ewb cases list" names those there are/],
    [["find"], /ewb cases find: expected list, show ID or check FILE/],
  ])("refuses %j", async (args, message) => {
    const { code, err } = await ewb(["cases", ...args]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
