import { axisKind } from "../cf/axisKind.ts";
import type { StoredArray } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import type { ArrayMetadata } from "./arrayMetadata.ts";

type Count = (bytes: number, requests: number) => void;

const growing = new Set(["init", "lead", "valid", "time"]);

/** Chunks at the end of a coordinate that may not be written yet. */
const most = 64;

/**
 * The metadata of an array of a store that is being written: its arrays grow one after the other, and no reader sees all
 * of them grown at once. Its time coordinates count, as far as they are written: they are the axes, and an array that is
 * shorter lacks chunks, one that is longer has none to be asked for yet.
 *
 * @param along the coordinate of a dimension, as grown as it is; undefined: there is none
 */
export const grownShape = async (
  store: Store,
  name: string,
  metadata: ArrayMetadata,
  along: (dim: string) => Promise<StoredArray | undefined>,
  count: Count,
): Promise<ArrayMetadata> => {
  const { dims, shape } = metadata;
  const grown = await Promise.all(
    shape.map(async (length, i) => {
      if (shape.length === 1 && dims[0] === name) return writtenLength(store, name, metadata, count);
      const coordinate = await along(dims[i]!);
      if (coordinate === undefined || coordinate.shape.length !== 1) return length;
      const kind = axisKind(dims[i]!, coordinate.dataType, coordinate.attributes);
      return growing.has(kind) ? coordinate.shape[0]! : length;
    }),
  );
  return { ...metadata, shape: grown };
};

/** Without the chunks at its end that are not there. */
const writtenLength = async (
  store: Store,
  name: string,
  metadata: ArrayMetadata,
  count: Count,
): Promise<number> => {
  const { shards, key } = metadata;
  const length = metadata.shape[0]!;
  const size = shards.reduce((product, { counts }) => product * counts[0]!, metadata.chunkShape[0]!);
  const objects = Math.ceil(length / size);
  // Nearly always the last one is there.
  for (let object = objects - 1; object >= Math.max(0, objects - most); object--) {
    const found = await store.get(`${name}/${key([object])}`, { count });
    if (found !== undefined) return Math.min(length, (object + 1) * size);
  }
  return length;
};
