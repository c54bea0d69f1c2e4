import type { Buffers } from "../../model/memory.ts";
import type { StoredPart } from "./store.ts";

/** Says what has come. */
export type Arrived = (part: StoredPart | undefined) => StoredPart | undefined;

/**
 * What `read` gives. Where it throws instead, as it does at once when it is aborted, the bytes that came before that,
 * or come later, are given back.
 */
export async function givenBack(
  buffers: Buffers | undefined,
  read: (arrived: Arrived) => Promise<StoredPart | undefined>,
): Promise<StoredPart | undefined> {
  let part: StoredPart | undefined;
  let isOver = false;
  const arrived: Arrived = (found) => {
    if (isOver && found !== undefined) buffers?.give(found.bytes);
    part = found;
    return found;
  };
  try {
    return await read(arrived);
  } catch (error) {
    isOver = true;
    if (part !== undefined) buffers?.give(part.bytes);
    throw error;
  }
}
