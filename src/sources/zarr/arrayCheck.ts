import { EwbError } from "../../model/errors.ts";
import { CodecError } from "../codecs/codecError.ts";
import { agreement } from "./agreement.ts";
import { type ArrayDocument, type ArrayMetadata, MetadataFault } from "./arrayMetadata.ts";
import type { Hierarchy } from "./hierarchy.ts";

/** Metadata of an array that passed every check, and what is worth saying about them. */
export interface CheckedArray {
  readonly metadata: ArrayMetadata;
  readonly warnings: readonly string[];
}

/**
 * Reads and checks the metadata of one array: its own, compared with the consolidated ones where there are any.
 * Undefined: neither of them is there. Throws an `EwbError` that names store, variable, file, what was found and what
 * was expected.
 */
export async function checkedArray(
  address: string,
  hierarchy: Hierarchy,
  name: string,
): Promise<CheckedArray | undefined> {
  const place = { source: address, variable: name };
  const fail = (tag: "NotFound" | "StoreRead", message: string) =>
    new EwbError(tag, `${address}: ${name}: ${message}`, place);
  /** Runs a check; its error gets store, variable and file. */
  const at = <T>(file: string, check: () => T): T => {
    try {
      return check();
    } catch (error) {
      const where = `${address}: ${name}: ${file}`;
      if (error instanceof MetadataFault) throw new EwbError(error.tag, `${where}: ${error.message}`, place);
      if (!(error instanceof CodecError)) throw error;
      throw new EwbError("Unsupported", `${where}: ${error.message}`, place, { cause: error });
    }
  };

  const { consolidatedFile: gatheredFile } = hierarchy;
  const ownFile = hierarchy.ownFile(name);
  const gathered = hierarchy.consolidated?.get(name);
  const own = await hierarchy.own(name).catch((error: unknown): never => {
    if (!(error instanceof EwbError)) throw error;
    throw new EwbError(error.tag, error.message, { ...error.place, ...place }, { cause: error.cause });
  });
  if (gathered === undefined) {
    if (own === undefined) return undefined;
    if (own === "refused") {
      throw fail("StoreRead", `${ownFile} refused (403): the array is absent, or reading is not allowed`);
    }
    const metadata = at(ownFile, () => checked(hierarchy, own));
    if (hierarchy.consolidated === undefined) return { metadata, warnings: [] };
    return { metadata, warnings: [`not in ${gatheredFile}; read from its own metadata`] };
  }
  if (own === undefined) {
    const message = `listed in ${gatheredFile}, but ${ownFile} is absent; write the array or consolidate again`;
    throw fail("NotFound", message);
  }
  const other = at(gatheredFile, () => checked(hierarchy, gathered));
  if (own === "refused") return { metadata: other, warnings: [`${ownFile} refused (403), not compared`] };
  const metadata = at(ownFile, () => checked(hierarchy, own));
  return { metadata, warnings: at(gatheredFile, () => agreement(metadata, other)) };
}

function checked(hierarchy: Hierarchy, document: ArrayDocument): ArrayMetadata {
  if (document.meta.node_type === "group") {
    throw new MetadataFault("node_type", "group", "an array of this name");
  }
  return hierarchy.check(document);
}
