import { isAsStored } from "../cf/decoding.ts";
import type { Layout } from "./layout.ts";
import { type Part, placed } from "./parts.ts";
import type { Selection } from "./selection.ts";

/** Values of a chunk that are wanted as they lie there. */
export interface View {
  /** Index into the chunks that are touched. */
  readonly chunk: number;
  readonly start: number;
  readonly stop: number;
}

/** Where in a chunk the values lie as they are wanted: float32 in the order of the window; undefined: nowhere. */
export const viewOf = (
  { array, decoding }: Layout,
  chunks: readonly { readonly part: Part }[],
  members: Selection["members"],
  strides: Selection["strides"],
): View | undefined => {
  const [piece, another] = members[0]!;
  if (members.length > 1 || piece === undefined || another !== undefined) return undefined;
  if (array.dataType !== "float32" || !isAsStored(decoding)) return undefined;
  const { rows, columns, chunk } = piece;
  const width = columns.stop - columns.start;
  if (strides.column !== 1 || strides.row !== width) return undefined;
  const [one, more] = placed(piece, chunks[chunk]!.part, strides);
  if (one === undefined || more !== undefined) return undefined;
  const start = one.base + (rows.start - one.first[0]) * strides.row + (columns.start - one.first[1]);
  return { chunk, start, stop: start + (rows.stop - rows.start) * width };
};
