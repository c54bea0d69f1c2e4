import type { StoredValues } from "../storedArray.ts";

type Attributes = Readonly<Record<string, unknown>>;

/**
 * What the attribute `_Unsigned` (NetCDF users' guide, appendix A) says of integers whose type cannot: formats
 * without unsigned types store them as signed ones, and the reverse.
 */
const declared = ({ _Unsigned: text }: Attributes): "signed" | "unsigned" | undefined => {
  const word = String(text).toLowerCase();
  return word === "true" ? "unsigned" : word === "false" ? "signed" : undefined;
};

/** The same bytes as integers of the sign that `_Unsigned` declares; 64-bit ones and floats as they are. */
export const withDeclaredSign = (values: StoredValues, attributes: Attributes): StoredValues => {
  const sign = declared(attributes);
  if (sign === undefined) return values;
  const { buffer, byteOffset, length } = values;
  if (sign === "unsigned") {
    if (values instanceof Int8Array) return new Uint8Array(buffer, byteOffset, length);
    if (values instanceof Int16Array) return new Uint16Array(buffer, byteOffset, length);
    if (values instanceof Int32Array) return new Uint32Array(buffer, byteOffset, length);
  } else {
    if (values instanceof Uint8Array) return new Int8Array(buffer, byteOffset, length);
    if (values instanceof Uint16Array) return new Int16Array(buffer, byteOffset, length);
    if (values instanceof Uint32Array) return new Int32Array(buffer, byteOffset, length);
  }
  return values;
};

/**
 * A number that an attribute states in the stored type (`_FillValue`, `valid_range`) as the values read: -1 of an
 * int8 that is declared unsigned is 255.
 *
 * @example markerOfSign(-1, "int8", { _Unsigned: "true" }) // 255
 */
export const markerOfSign = (marker: number, dataType: string, attributes: Attributes): number => {
  const sign = declared(attributes);
  const [, unsigned, bits] = /^(u?)int(8|16|32)$/.exec(dataType) ?? [];
  if (bits === undefined) return marker;
  const whole = 2 ** Number(bits);
  if (sign === "unsigned" && unsigned === "" && marker < 0 && marker >= -whole / 2) return marker + whole;
  if (sign === "signed" && unsigned === "u" && marker >= whole / 2 && marker < whole) return marker - whole;
  return marker;
};
