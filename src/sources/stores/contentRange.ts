import type { ByteRange } from "./store.ts";

export interface ContentRange {
  readonly first: number;
  readonly last: number;
  readonly total?: number;
}

/** The header `Content-Range` of a 206, e.g. `bytes 0-99/1000`; undefined where it is not of this form. */
export function parseContentRange(text: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/i.exec(text?.trim() ?? "");
  if (match === null) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const total = match[3] === "*" ? undefined : Number(match[3]);
  if (last < first || (total !== undefined && last >= total)) return undefined;
  return total === undefined ? { first, last } : { first, last, total };
}

/** The header `Range` that asks for `range`. */
export const rangeHeader = (range: ByteRange): string =>
  "offset" in range
    ? `bytes=${range.offset}-${range.offset + range.length - 1}`
    : `bytes=-${range.suffixLength}`;

/** Whether an answer is exactly what was asked for: a suffix of a shorter object is all of it. */
export function answers(range: ByteRange, { first, last, total }: ContentRange): boolean {
  if ("offset" in range) return first === range.offset && last === range.offset + range.length - 1;
  const length = last - first + 1;
  if (total === undefined) return length === range.suffixLength;
  return last === total - 1 && length === Math.min(range.suffixLength, total);
}
