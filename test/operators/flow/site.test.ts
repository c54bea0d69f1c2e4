import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allRefs, Site } from "../../../src/operators/flow/site.ts";

const ref = { initTime: 0, leadHours: 6, targets: ["o"] };

const numbers = (site: Site, count: number) => {
  const mine: number[] = [];
  for (let i = 0; i < count; i++) {
    const number = site.number(ref);
    if (number !== undefined) mine.push(number);
  }
  return mine;
};

describe("Site", () => {
  test("numbers refs as they come; those beyond its range are not done here", () => {
    expect(numbers(new Site("s", allRefs), 4)).toEqual([0, 1, 2, 3]);
    expect(numbers(new Site("s", { from: 2, to: 5 }), 9)).toEqual([2, 3, 4]);
  });

  test("gives the later half of what is not begun, and all that has not come yet", () => {
    const site = new Site("s", allRefs);
    expect(site.give()).toBeUndefined();
    numbers(site, 10);
    expect([site.begin(0), site.begin(1)]).toEqual([true, true]);
    expect(site.give()).toEqual({ from: 6, to: Number.POSITIVE_INFINITY });
    expect([site.begin(5), site.begin(6), site.number(ref)]).toEqual([true, false, undefined]);
    expect(site.give()).toBeUndefined();
  });

  test("what needs no reading stays with who had all of the case, wherever it comes", () => {
    const unread = { ...ref, targets: [] };
    const site = new Site("s", allRefs);
    numbers(site, 10);
    const range = site.give()!;
    expect([site.number(ref), site.number(unread)]).toEqual([undefined, 11]);
    const other = new Site("s", range);
    numbers(other, 3);
    expect([other.number(unread), other.isOwn]).toEqual([undefined, false]);
  });

  test("when all have come, what it gives has an end", () => {
    const site = new Site("s", allRefs);
    numbers(site, 8);
    site.whole();
    expect(site.give()).toEqual({ from: 4, to: 8 });
    expect(site.give()).toEqual({ from: 2, to: 4 });
    expect(site.give()).toBeUndefined(); // two are not worth the way
  });

  test("says which refs came: their number, order, times and targets", () => {
    const namesOf = (...refs: (typeof ref)[]) => {
      const site = new Site("s", { from: 1, to: 2 });
      for (const one of refs) site.number(one);
      return site.names;
    };
    const later = { ...ref, leadHours: 12 };
    const others = [[ref], [later, ref], [ref, ref], [ref, { ...later, targets: [] }], [ref, later, ref]];
    expect(namesOf(ref, later)).toBe(namesOf(ref, later));
    for (const other of others) expect(namesOf(...other)).not.toBe(namesOf(ref, later));
  });

  test("whatever is given to whom, each ref is done once", () => {
    const action = fc.record({ site: fc.nat(5), what: fc.constantFrom("number", "begin", "give") });
    fc.assert(
      fc.property(fc.nat(40), fc.array(action, { maxLength: 150, size: "max" }), (count, actions) => {
        interface Place {
          site: Site;
          asked: number;
          waiting: number[];
        }
        const placeOf = (range: typeof allRefs): Place => ({
          site: new Site("s", range),
          asked: 0,
          waiting: [],
        });
        const places = [placeOf(allRefs)];
        const done: number[] = [];
        const number = (place: Place) => {
          if (place.asked === count) return place.site.whole();
          place.asked += 1;
          const mine = place.site.number(ref);
          if (mine !== undefined) place.waiting.push(mine);
        };
        const begin = ({ site, waiting }: Place) => {
          const next = waiting.shift();
          if (next !== undefined && site.begin(next)) done.push(next);
        };
        for (const { site, what } of actions) {
          const place = places[site % places.length]!;
          if (what === "number") number(place);
          else if (what === "begin") begin(place);
          else {
            const range = place.site.give();
            if (range !== undefined) places.push(placeOf(structuredClone(range)));
          }
        }
        for (const place of places) {
          while (place.asked < count) number(place);
          while (place.waiting.length > 0) begin(place);
        }
        expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
      { numRuns: 1500, seed: 6 },
    );
  });
});
