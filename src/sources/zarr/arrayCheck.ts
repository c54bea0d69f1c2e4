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

/** The metadata of one array. Every `EwbError` names store, variable, file, what was found and what was expected. */
export interface ArrayCheck {
  /** Those in the consolidated metadata, checked; undefined: they have none of it. Asks for nothing. */
  gathered(): ArrayMetadata | undefined;
  /** Its own, read, checked and compared with the gathered ones where there are any. Undefined: neither is there. */
  compared(): Promise<CheckedArray | undefined>;
  /** As `compared`, for an array already in use as gathered: whatever would change a value is an error. */
  agreed(): Promise<void>;
}

/** @param grows see `agreement` */
export function arrayCheck(address: string, hierarchy: Hierarchy, name: string, grows = false): ArrayCheck {
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
  const document = hierarchy.consolidated?.get(name);
  let checkedOnce: ArrayMetadata | undefined;
  const gathered = () => {
    if (document !== undefined) checkedOnce ??= at(gatheredFile, () => checked(hierarchy, document));
    return checkedOnce;
  };
  const ownDocument = () =>
    hierarchy.own(name).catch((error: unknown): never => {
      if (!(error instanceof EwbError)) throw error;
      throw new EwbError(error.tag, error.message, { ...error.place, ...place }, { cause: error.cause });
    });

  /** Undefined: the store does not say (403). */
  const ownOfGathered = async (): Promise<ArrayMetadata | undefined> => {
    const own = await ownDocument();
    if (own === undefined) {
      const message = `listed in ${gatheredFile}, but ${ownFile} is absent; write the array or consolidate again`;
      throw fail("NotFound", message);
    }
    return own === "refused" ? undefined : at(ownFile, () => checked(hierarchy, own));
  };

  return {
    gathered,
    async compared() {
      if (document === undefined) {
        const own = await ownDocument();
        if (own === undefined) return undefined;
        if (own === "refused") {
          throw fail("StoreRead", `${ownFile} refused (403): the array is absent, or reading is not allowed`);
        }
        const metadata = at(ownFile, () => checked(hierarchy, own));
        if (hierarchy.consolidated === undefined) return { metadata, warnings: [] };
        return { metadata, warnings: [`not in ${gatheredFile}; read from its own metadata`] };
      }
      const metadata = await ownOfGathered();
      const other = gathered()!;
      if (metadata === undefined)
        return { metadata: other, warnings: [`${ownFile} refused (403), not compared`] };
      return { metadata, warnings: at(gatheredFile, () => agreement(metadata, other, grows)) };
    },
    async agreed() {
      const own = await ownOfGathered();
      const other = gathered()!;
      if (own === undefined) return;
      at(gatheredFile, () => {
        agreement(own, other);
        if (Object.is(own.fill, other.fill)) return;
        throw new MetadataFault(
          "fill_value",
          other.fill,
          `${own.fill} as in the array's own metadata (consolidate again)`,
        );
      });
    },
  };
}

function checked(hierarchy: Hierarchy, document: ArrayDocument): ArrayMetadata {
  if (document.meta.node_type === "group") {
    throw new MetadataFault("node_type", "group", "an array of this name");
  }
  return hierarchy.check(document);
}
