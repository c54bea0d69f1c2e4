import { describe, expect, test } from "vitest";
import { parseCases } from "../../src/catalog/caseFile.ts";
import { openEnd } from "../../src/model/case.ts";

const lines = {
  case_id_number: "1",
  title: "2021 Pacific Northwest",
  start_date: "2021-06-20 00:00:00",
  end_date: "2021-07-03 00:00:00",
  location:
    "{type: bounded_region, parameters: {latitude_min: 39.0, latitude_max: 65.0, longitude_min: -136.75, longitude_max: -105.75}}",
  event_type: "heat_wave",
};

/** A file of one case, a line a key: `changes` replace a value, or drop the key where undefined. */
const fileOf = (changes: Record<string, string | undefined> = {}, id = "1") => {
  const all = Object.entries({ ...lines, case_id_number: id, ...changes }).filter(
    ([, value]) => value !== undefined,
  );
  return all.map(([key, value], index) => `${index === 0 ? "- " : "  "}${key}: ${value}\n`).join("");
};
const read = (text: string) => parseCases(text, "events.yaml");
const one = (changes: Record<string, string | undefined>) => {
  const { cases, defects } = read(fileOf(changes) + fileOf({}, "2"));
  expect(cases.map(({ id }) => id)).toContain(2);
  return { event: cases.find(({ id }) => id !== 2), defects };
};
const bounded = (text: string) => `{type: bounded_region, parameters: {${text}}}`;
const centered = (text: string) => `{type: centered_region, parameters: {${text}}}`;

test("a good case", () => {
  expect(read(fileOf())).toEqual({
    cases: [
      {
        id: 1,
        title: "2021 Pacific Northwest",
        type: "heat_wave",
        start: Date.UTC(2021, 5, 20),
        end: Date.UTC(2021, 6, 3),
        region: { south: 39, north: 65, west: -136.75, east: -105.75 },
      },
    ],
    defects: [],
  });
});

describe("what is read", () => {
  test("unknown keys are ignored", () => {
    expect(one({ note: "[a, b]" })).toMatchObject({ event: { id: 1 }, defects: [] });
  });
  test("a title that looks like a number stays as written", () => {
    expect(one({ title: "2021" }).event?.title).toBe("2021");
    expect(one({ title: "007" }).event?.title).toBe("007");
  });
  test("quoted times, times with zones, dates alone", () => {
    expect(one({ start_date: '"2021-06-20T02:00+02:00"' }).event?.start).toBe(Date.UTC(2021, 5, 20));
    expect(one({ start_date: "2021-06-20" }).event?.start).toBe(Date.UTC(2021, 5, 20));
  });
  test("an end that is open", () => {
    expect(one({ end_date: "open" })).toMatchObject({ event: { end: openEnd }, defects: [] });
    expect(one({ start_date: "open" }).defects[0]?.message).toMatch(/start_date: "open" is no time/);
  });
  test("west above east is a box across a meridian", () => {
    const location = bounded("latitude_min: 39, latitude_max: 65, longitude_min: 356.3, longitude_max: 28.7");
    expect(one({ location }).event?.region).toEqual({ south: 39, north: 65, west: 356.3, east: 28.7 });
  });
  test("centred regions, one width or two", () => {
    expect(
      one({ location: centered("latitude: 41, longitude: -120, bounding_box_degrees: 4") }).event?.region,
    ).toEqual({ south: 39, north: 43, west: -122, east: -118 });
    expect(
      one({ location: centered("latitude: 89, longitude: 240, bounding_box_degrees: [4, 6]") }).event?.region,
    ).toEqual({ south: 87, north: 90, west: 237, east: 243 });
  });
  test("the list under cases, JSON, Windows line ends, a byte order mark", () => {
    const indented = fileOf().replace(/^/gm, "  ");
    expect(read(`cases:\n${indented}`).cases).toHaveLength(1);
    expect(read(`\uFEFF${fileOf().replaceAll("\n", "\r\n")}`).cases).toHaveLength(1);
    const json = JSON.stringify([
      {
        ...lines,
        case_id_number: 1,
        location: {
          type: "bounded_region",
          parameters: { latitude_min: 1, latitude_max: 2, longitude_min: 3, longitude_max: 4 },
        },
      },
    ]);
    expect(read(json).cases[0]?.region).toEqual({ south: 1, north: 2, west: 3, east: 4 });
  });
  test("aliases and merges", () => {
    const text = `${fileOf({ location: `&box ${lines.location}` })}${fileOf({ location: "*box" }, "2")}`;
    expect(read(text).cases.map(({ region }) => region.south)).toEqual([39, 39]);
    const merged = `${fileOf().replace("- case", "- &one\n  case")}- <<: *one\n  case_id_number: 2\n`;
    expect(read(merged).cases.map(({ id, title }) => [id, title])).toEqual([
      [1, lines.title],
      [2, lines.title],
    ]);
  });
  test("one anchor may be used by many cases", () => {
    const many = Array.from({ length: 2000 }, (_, i) => fileOf({ location: "*box" }, String(i + 2))).join("");
    expect(read(fileOf({ location: `&box ${lines.location}` }) + many).cases).toHaveLength(2001);
  });
});

describe("one message a defect, with line and case", () => {
  const good = "latitude_min: 39, latitude_max: 65, longitude_min: 0, longitude_max: 9";
  test.each<[string, Record<string, string | undefined>, number, string]>([
    ["start after end", { end_date: "2021-06-01 00:00:00" }, 4, "starts at 2021-06-20T00:00Z, after its end"],
    [
      "a date that does not exist",
      { start_date: "2021-02-30 00:00:00" },
      3,
      "2021-02-30 00:00:00 does not exist",
    ],
    ["a time that is none", { start_date: "soon" }, 3, 'start_date: "soon" is no time'],
    ["a time that is a list", { start_date: "[1]" }, 3, "start_date is a list"],
    ["unknown region", { location: "{type: circle, parameters: {}}" }, 5, "bounded_region, centered_region"],
    [
      "misspelled region",
      { location: "{type: bounded_regoin, parameters: {}}" },
      5,
      'did you mean "bounded_region"',
    ],
    ["a region type every object has", { location: "{type: toString, parameters: {}}" }, 5, "no region type"],
    [
      "shapefile",
      { location: "{type: shapefile_region, parameters: {}}" },
      5,
      "shapefile_region is not supported",
    ],
    ["no region type", { location: "{parameters: {}}" }, 5, "location has no type"],
    ["no parameters", { location: "{type: bounded_region}" }, 5, "location has no parameters"],
    ["location is text", { location: "Europe" }, 5, "location is a scalar"],
    [
      "bound missing",
      { location: bounded(good.replace(/, longitude_max.*/, "")) },
      5,
      "longitude_max is missing",
    ],
    ["bound is text", { location: bounded(good.replace("65", '"65"')) }, 5, 'latitude_max is "65"'],
    ["bound is nothing", { location: bounded(good.replace("65", "")) }, 5, "latitude_max is missing"],
    ["bound is NaN", { location: bounded(good.replace("65", ".nan")) }, 5, "latitude_max NaN"],
    [
      "beyond the pole",
      { location: bounded(good.replace("65", "95")) },
      5,
      "latitude_max 95 is not a latitude",
    ],
    ["reversed", { location: bounded(good.replace("65", "20")) }, 5, "latitude_min 39 is above"],
    ["no width", { location: bounded(good.replace("9}", "0}").replace(/9$/, "0")) }, 5, "no width"],
    [
      "no centred width",
      { location: centered("latitude: 1, longitude: 1") },
      5,
      "bounding_box_degrees is missing",
    ],
    [
      "three widths",
      { location: centered("latitude: 1, longitude: 1, bounding_box_degrees: [1, 2, 3]") },
      5,
      "list of 3",
    ],
    [
      "width 0",
      { location: centered("latitude: 1, longitude: 1, bounding_box_degrees: 0") },
      5,
      "0 is no width",
    ],
    ["text id", { case_id_number: "abc" }, 1, 'the text "abc"'],
    ["quoted id", { case_id_number: '"1"' }, 1, 'the text "1"'],
    ["broken id", { case_id_number: "1.5" }, 1, "1.5"],
    ["huge id", { case_id_number: "99999999999" }, 1, "32 bits"],
    ["id is a list", { case_id_number: "[1]" }, 1, "a list"],
    ["id missing", { case_id_number: undefined }, 1, "case_id_number is missing"],
    ["title missing", { title: undefined }, 1, "title is missing"],
    ["title empty", { title: '""' }, 1, "title is missing"],
    ["type missing", { event_type: undefined }, 1, "event_type is missing"],
    ["start missing", { start_date: undefined }, 1, "start_date is missing"],
    ["location missing", { location: undefined }, 1, "location is missing"],
    ["a bound twice", { location: bounded(`${good}, latitude_min: 40`) }, 5, "latitude_min is given twice"],
    [
      "parameters twice",
      { location: `{type: bounded_region, parameters: {${good}}, parameters: {${good}}}` },
      5,
      "parameters is given twice",
    ],
    ["a key twice", { "event_type ": "freeze" }, 7, "event_type is given twice"],
  ])("%s", (_, changes, line, message) => {
    const { event, defects } = one(changes);
    expect(event).toBeUndefined();
    expect(defects).toHaveLength(1);
    const known = /^\d+$/.test(changes.case_id_number ?? ("case_id_number" in changes ? "-" : "1"));
    const caseId = known && changes.case_id_number !== "99999999999" ? 1 : null;
    expect(defects[0]).toMatchObject({ line, caseId });
    expect(defects[0]!.message).toContain(
      `events.yaml line ${line}, ${caseId === null ? "the 1st case" : "case 1"}: `,
    );
    expect(defects[0]!.message).toContain(message);
  });

  test("two defects of a case are two messages", () => {
    expect(one({ title: undefined, start_date: "soon" }).defects).toHaveLength(2);
  });
  test("a case that is no mapping", () => {
    const { cases, defects } = read(`- just text\n${fileOf()}`);
    expect(cases).toHaveLength(1);
    expect(defects).toMatchObject([{ caseId: null, line: 1 }]);
  });
  test("lines are counted through comments and block layout", () => {
    const text = "# a\n\n- case_id_number: 7\n  # b\n  title: x\n  start_date: never\n";
    expect(
      read(text)
        .defects.map(({ line }) => line)
        .sort(),
    ).toEqual([3, 3, 3, 6]);
  });
});

describe("the whole file is refused", () => {
  const bomb = [`a0: &a0 [x,x,x,x,x,x,x,x,x]`]
    .concat(
      Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(",")}]`),
    )
    .join("\n");
  test.each([
    ["an id twice", fileOf() + fileOf(), "line 7: case_id_number 1 is used twice, first in line 1"],
    ["an id twice, one of them defective", fileOf({ title: undefined }) + fileOf(), "used twice"],
    ["a tab", "- case_id_number: 1\n\ttitle: x\n", "line 2: this is not YAML: the line begins with a tab"],
    ["an open bracket", "- a: 1\n- b: [1, 2\n", "not YAML"],
    ["two documents", `${fileOf()}---\n${fileOf()}`, "line 7: a second document"],
    ["nothing", "", "no cases"],
    ["only a comment", "# cases to come\n", "no cases"],
    ["an empty list", "[]", "no cases"],
    ["an empty list under cases", "cases: []\n", "no cases"],
    ["text", "hello", 'no cases: expected a list of cases, found "hello"'],
    ["another mapping", "events:\n  - 1\n", "or the key cases; found events"],
    ["cases by name", "cases: {a: 1}\n", "cases is a mapping"],
    ["two lists", "cases: [1]\ncases: [2]\n", "line 2: cases is given twice"],
    ["an alias of nothing", "- *box\n", "*box names no anchor"],
    ["a bomb", bomb, "too many aliases"],
    ["a bomb of cases", `${bomb}\ncases: *a9\n`, "too many aliases"],
    ["an alias of itself", "cases: &a [*a]\n", "too many aliases"],
    ["brackets without end", "[".repeat(50_000), "nested too deeply"],
    ["brackets without measure", "[".repeat(50_000) + "]".repeat(50_000), "nested too deeply"],
  ])("%s", (_, text, message) => {
    const before = process.memoryUsage().heapUsed;
    let error: any;
    try {
      read(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ tag: "Cases", place: { source: "events.yaml", line: expect.any(Number) } });
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^events\.yaml line \d+: /);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6);
  });
});
