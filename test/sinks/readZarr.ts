/** Whole arrays read back by the product's own strict reader, cells that no chunk holds as the fill value. */
import type { StoredGroup } from "../../src/sources/storedArray.ts";
import { openStore } from "../../src/sources/stores/openStore.ts";
import { openZarr } from "../../src/sources/zarr/openZarr.ts";
import { testContext } from "../sources/zarr/context.ts";

export const readGroup = async (path: string): Promise<StoredGroup> =>
  openZarr(await openStore(path), testContext());

export const readArray = async (group: StoredGroup, name: string): Promise<(number | bigint)[]> => {
  const array = await group.array(name);
  const size = array.shape.reduce((a, b) => a * b, 1);
  const values: (number | bigint)[] = [];
  for (let i = 0; i < size; i++) {
    let rest = i;
    const index = array.shape.map(() => 0);
    for (let d = index.length - 1; d >= 0; d--) {
      index[d] = rest % array.shape[d]!;
      rest = Math.floor(rest / array.shape[d]!);
    }
    const chunk = await array.chunk(
      index.map((at, d) => Math.floor(at / array.chunkShape[d]!)),
      {},
    );
    const at = index.reduce((sum, some, d) => sum * array.chunkShape[d]! + (some % array.chunkShape[d]!), 0);
    values.push(chunk === undefined ? array.fill! : chunk.values[at]!);
  }
  return values;
};
