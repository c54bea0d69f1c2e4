import { createHash } from "node:crypto";
import type { Row } from "../src/model/row.ts";
import { readRows } from "../src/sinks/parquet/readRows.ts";

/** Rows of a result table and a hash of what they say, to the bit; their order and the file's metadata do not count. */
export const rowsHash = async (path: string): Promise<{ rows: number; hash: string }> => {
  const { rows } = await readRows(path);
  const lines = rows.map(lineOf).sort();
  return {
    rows: rows.length,
    hash: createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 12),
  };
};

/** Columns by name; numbers as the shortest text that gives the same bits again, NaN and -0 told apart. */
const lineOf = (row: Row): string => {
  const flat = { ...row, extra: undefined, ...row.extra } as Readonly<Record<string, unknown>>;
  return Object.keys(flat)
    .filter((name) => flat[name] !== undefined)
    .sort()
    .map((name) => `${name}=${Object.is(flat[name], -0) ? "-0" : `${flat[name]}`}`)
    .join(";");
};
