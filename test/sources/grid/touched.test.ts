/** What is remembered of slots that lie alike in their chunks is what would be worked out anew. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Window } from "../../../src/model/grid.ts";
import type { Layout } from "../../../src/sources/grid/layout.ts";
import { selectionOf } from "../../../src/sources/grid/selection.ts";
import { touchedBy } from "../../../src/sources/grid/touched.ts";

const lengths = { init: 7, lead: 9, member: 3, level: 2, latitude: 12, longitude: 20 };
const dims = ["init", "lead", "member", "level", "latitude", "longitude"] as const;
type Dim = (typeof dims)[number];

/** A variable whose dimensions lie in this order, in chunks of so many. */
const layoutIn = (
  order: readonly Dim[],
  chunk: Readonly<Record<Dim, number>>,
  name: string,
  parts: boolean,
) => {
  const at = (dim: Dim) => order.indexOf(dim);
  const array = {
    name,
    shape: order.map((dim) => lengths[dim]),
    chunkShape: order.map((dim) => chunk[dim]),
    dataType: "float32",
    chunkBytes: 4000,
    encodedBytes: 5000,
    isNear: true,
    chunkId: (coords: readonly number[]) => `${name}/${coords.join(".")}`,
    ...(parts
      ? { part: (spans: readonly object[]) => ({ name: JSON.stringify(spans), spans, bytes: 8, encoded: 9 }) }
      : {}),
  };
  const decoding = { plain: true, markers: [], low: -Infinity, high: Infinity };
  return {
    ...{ variable: name, array, decoding, row: at("latitude"), column: at("longitude") },
    slots: new Map(["init", "lead"].map((dim) => [dim, at(dim as Dim)])),
    fixed: new Map([[at("level"), 1]]),
    members: { position: at("member"), indices: [0, 2] },
  } as unknown as Layout;
};

const chunkShapes = fc.record({
  init: fc.constantFrom(1, 2, 7),
  lead: fc.constantFrom(1, 4, 9),
  member: fc.constantFrom(1, 2),
  level: fc.constantFrom(1, 2),
  latitude: fc.constantFrom(5, 12),
  longitude: fc.constantFrom(6, 20),
});
const windows: readonly Window[] = [
  { rows: { start: 2, stop: 9 }, columns: [{ start: 3, stop: 11 }] },
  {
    rows: { start: 0, stop: 12 },
    columns: [
      { start: 17, stop: 20 },
      { start: 0, stop: 4 },
    ],
  },
];
const asked = fc.record({
  init: fc.nat(lengths.init - 1),
  lead: fc.nat(lengths.lead - 1),
  window: fc.nat(windows.length - 1),
  again: fc.boolean(),
});

test("is the same for every slot and window, in whatever order they come", () => {
  fc.assert(
    fc.property(
      ...[fc.shuffledSubarray([...dims], { minLength: 6 }), chunkShapes, chunkShapes, fc.boolean()],
      fc.array(asked, { minLength: 20, maxLength: 40 }),
      (order, one, other, parts, all) => {
        const layouts = [layoutIn(order, one, "t", parts), layoutIn(dims, other, "u", parts)];
        const remembered = touchedBy("store", layouts);
        for (const { init, lead, window, again } of all) {
          const slot = { init, lead };
          const sides = remembered(slot, windows[window]!);
          if (again) expect(remembered(slot, windows[window]!)).toEqual(sides);
          expect(sides).toEqual(touchedBy("store", layouts)(slot, windows[window]!));
          for (const { layout, chunks, members } of sides) {
            const selection = selectionOf(layout, slot, windows[window]!);
            expect(chunks.map(({ id, coords }) => ({ id, coords }))).toEqual(selection.chunks);
            expect(members).toEqual(selection.members);
            for (const { id, part, cost } of chunks) {
              expect([cost.id, cost.of?.chunk]).toEqual(part ? [`${id}@${part.name}`, id] : [id, undefined]);
            }
          }
        }
      },
    ),
    { numRuns: 15 },
  );
});
