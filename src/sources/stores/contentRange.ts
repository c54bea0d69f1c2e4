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
export const rangeHeader = (range: ByteRange): string => {
  if ("suffixLength" in range) return `bytes=-${range.suffixLength}`;
  const length = "length" in range ? range.length : range.atMost;
  return `bytes=${range.offset}-${range.offset + length - 1}`;
};

/** Whether an answer is exactly what was asked for; what may be shorter ends with the object. */
export function answers(range: ByteRange, { first, last, total }: ContentRange): boolean {
  if ("length" in range) return first === range.offset && last === range.offset + range.length - 1;
  if ("atMost" in range) {
    const end = range.offset + range.atMost - 1;
    return (
      first === range.offset && (last === end || (last < end && total !== undefined && last === total - 1))
    );
  }
  const length = last - first + 1;
  if (total === undefined) return length === range.suffixLength;
  return last === total - 1 && length === Math.min(range.suffixLength, total);
}
