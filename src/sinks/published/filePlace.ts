import { FileInParts } from "../parquet/fileInParts.ts";
import { writeInParts } from "../parquet/writeInParts.ts";
import { binned } from "../parts/part.ts";
import type { Place } from "./published.ts";

/** A table that is one file, replaced by renaming; row groups of cases that have not changed are copied as bytes. */
export const filePlace = (path: string): Place => ({
  path,
  rule: "case",
  open: () => FileInParts.open(path),
  partsOf: binned,
  write: (table, parts, metadata, before) =>
    writeInParts(path, table, parts, metadata, before instanceof FileInParts ? before : undefined),
});
