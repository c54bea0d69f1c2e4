import { describe, expect, test } from "vitest";
import { instantOf, instantText } from "../../src/kernels/instant.ts";

const utc = Date.UTC;

describe("instantOf", () => {
  test.each([
    ["2021-06-20", utc(2021, 5, 20)],
    ["2021-06-20 12:30:15", utc(2021, 5, 20, 12, 30, 15)],
    ["2021-06-20T12:30:15", utc(2021, 5, 20, 12, 30, 15)],
    ["2021-06-20T12:30Z", utc(2021, 5, 20, 12, 30)],
    ["2021-06-20T12Z", utc(2021, 5, 20, 12)],
    ["2021-06-20 12:30:15.25", utc(2021, 5, 20, 12, 30, 15, 250)],
    ["2021-06-20 12:30:15.123456", utc(2021, 5, 20, 12, 30, 15, 123)],
    ["2021-06-20T12:30:00+02:00", utc(2021, 5, 20, 10, 30)],
    ["2021-06-20 12:30:00 -0530", utc(2021, 5, 20, 18, 0)],
    ["2021-06-20 12:30:00 UTC", utc(2021, 5, 20, 12, 30)],
    ["2024-02-29", utc(2024, 1, 29)],
    ["2021-6-2 3:00", utc(2021, 5, 2, 3)],
    ["1969-12-31 23:59:59", -1000],
  ])("%s", (text, time) => expect(instantOf(text)).toBe(time));

  test("years before 100 stay as written", () => {
    expect(new Date(instantOf("0050-01-01") as number).getUTCFullYear()).toBe(50);
  });

  test.each([
    ["2019-02-30 00:00:00", "no day 30"],
    ["2021-02-29", "no day 29"],
    ["2021-13-01", "13 is not within 1 to 12"],
    ["2021-00-01", "0 is not within 1 to 12"],
    ["2021-01-00", "no day 0"],
    ["2021-01-01 24:00:00", "23:59:59"],
    ["2021-01-01 12:60:00", "23:59:59"],
    ["2021-01-01 12:00:00 +25:00", "zone"],
    ["20 June 2021", "is no time"],
    ["2021-06", "is no time"],
    ["", "is no time"],
  ])("%s is a problem", (text, problem) =>
    expect(instantOf(text)).toMatchObject({ problem: expect.stringContaining(problem) }),
  );

  test("text of a time reads as itself", () => {
    expect(instantText(utc(2021, 5, 20, 12))).toBe("2021-06-20T12:00Z");
    expect(instantOf(instantText(utc(2021, 5, 20, 12, 30, 15)))).toBe(utc(2021, 5, 20, 12, 30, 15));
  });
});
