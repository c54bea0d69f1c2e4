import { cases, eachCase, type Metric, pairs, score } from "ewb";
import { inMemory } from "ewb/catalog";
import { describe, expect, test } from "vitest";
import { dataSetOf, runProgram } from "../../golden/program.ts";

const air = "surface_air_temperature";
const variables = { [air]: "K" } as const;
const places = { latitude: [50, 49, 48], longitude: [0, 1, 2] };

/** What a metric saw: the members at the first place, and how many leaves a pair had. */
const seen = (
  needs: Metric<typeof variables>["needs"],
): Metric<typeof variables, readonly (readonly number[])[]> => ({
  name: "seen",
  term: "seen",
  definition: "what there is of members and leaves",
  variable: air,
  unit: (unit) => unit,
  parameters: {},
  needs,
  zero: () => [],
  observe: ({ forecast, places: { leaves } }) => [
    [leaves.length - 1, ...(forecast[air].members ?? []).map((values) => values[0]!)],
  ],
  merge: (a, b) => [...a, ...b],
  finish: (state) =>
    state.map((numbers, i) => ({
      by: `part=${i}`,
      value: numbers[0]!,
      n: numbers.length - 1,
      extra: Object.fromEntries(numbers.slice(1).map((value, k) => [`member_${k}`, value])),
    })),
});

const forecast = (members: readonly number[] | undefined) =>
  inMemory({
    role: "forecast",
    name: "f",
    variables,
    arrays: {
      [air]: {
        dims: [
          "init_time",
          "lead_time",
          ...(members === undefined ? [] : ["member"]),
          "latitude",
          "longitude",
        ],
        coords: {
          init_time: ["2021-06-20T00:00:00"],
          lead_time: [6],
          ...(members === undefined ? {} : { member: members.map((_, i) => i) }),
          ...places,
        },
        data: (members ?? [280]).flatMap((value) => new Array<number>(9).fill(value)),
      },
    },
  });

const target = inMemory({
  role: "target",
  name: "o",
  variables,
  arrays: {
    [air]: {
      dims: ["valid_time", "latitude", "longitude"],
      coords: { valid_time: ["2021-06-20T06:00:00"], ...places },
      data: new Float64Array(9).fill(281),
    },
  },
});

const scored = async (members: readonly number[] | undefined, ...metrics: Metric<typeof variables>[]) => {
  const outcome = await runProgram(
    (run) =>
      cases(run).pipe(
        eachCase(run, (event) =>
          pairs(run, event, { forecast: forecast(members), targets: [target], variables: [air] }).pipe(
            score(run, ...metrics),
          ),
        ),
      ),
    dataSetOf({
      cases: [
        {
          id: 1,
          title: "a case",
          type: "heat_wave",
          start: Date.UTC(2021, 5, 20),
          end: Date.UTC(2021, 5, 21),
          region: { south: 40, north: 60, west: -10, east: 10 },
        },
      ],
    }),
  );
  return outcome.rows.map(({ value, n, extra }) => ({ value, n, extra }));
};

describe("what a metric needs of the forecast", () => {
  test("members come one by one where it asks for them, and only then", async () => {
    const each = await scored([280, 282, 290], seen({ variables: [air], members: true }));
    expect(each).toEqual([{ value: 3, n: 3, extra: { member_0: 280, member_1: 282, member_2: 290 } }]);
    const none = await scored([280, 282, 290], seen({ variables: [air] }));
    expect(none.map(({ n }) => n)).toEqual([0]);
  });

  test("a forecast without members is an ensemble of one", async () => {
    const one = await scored(undefined, seen({ variables: [air], members: true }));
    expect(one).toEqual([{ value: 3, n: 1, extra: { member_0: 280 } }]);
  });
});
