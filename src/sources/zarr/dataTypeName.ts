import type { ElementType } from "../codecs/elementType.ts";

/** What `StoredArray.dataType` says: `float32`, `datetime64[ns]`. */
export const dataTypeName = ({ name, unit }: ElementType): string =>
  unit === undefined ? name : `${name}[${unit}]`;

/** With the byte order, for messages and comparisons: `float32 big-endian`. */
export const typeText = (type: ElementType): string =>
  `${dataTypeName(type)}${type.bytes === 1 ? "" : type.bigEndian ? " big-endian" : " little-endian"}`;
