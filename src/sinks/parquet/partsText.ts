/** What a file in parts says of them, in its metadata: so that the next one can take them over. */
import type { Column } from "../column.ts";
import type { Part } from "../parts/part.ts";

/** Key of the metadata. */
export const partsKey = "ewb.parts";

/** A part in a file: its row groups lie together. */
export interface FilePart extends Part {
  readonly groups: number;
  /** Rows in them: equal ones once. */
  readonly stored: number;
  readonly size: number;
  readonly crc: number;
}

export interface PartsText {
  readonly columns: readonly Column[];
  readonly parts: readonly FilePart[];
  /** CRC-32 of what the footer says of their row groups. */
  readonly described: number;
}

/** What is written in another way than this says another number. */
const version = 2;

export const partsText = ({ columns, parts, described }: PartsText): string =>
  JSON.stringify({
    version,
    described,
    columns: columns.map(({ name, type, nullable }) => [name, type, nullable]),
    parts: parts.map(({ from, to, rows, sum, groups, stored, size, crc }) => [
      ...[from, to, rows, sum],
      ...[groups, stored, size, crc],
    ]),
  });

/** Undefined: it is of another version. */
export const partsOfText = (text: string): PartsText | undefined => {
  const found = JSON.parse(text);
  if (found.version !== version) return undefined;
  return {
    described: found.described,
    columns: found.columns.map(([name, type, nullable]: any[]) => ({ name, type, nullable })),
    parts: found.parts.map(([from, to, rows, sum, groups, stored, size, crc]: any[]) => ({
      ...{ from, to, rows, sum },
      ...{ groups, stored, size, crc },
    })),
  };
};

export const isSameColumns = (a: readonly Column[], b: readonly Column[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ name, type, nullable }, c) =>
      name === b[c]!.name && type === b[c]!.type && nullable === b[c]!.nullable,
  );
