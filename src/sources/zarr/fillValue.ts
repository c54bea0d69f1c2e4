import type { ElementType } from "../codecs/elementType.ts";
import { MetadataFault } from "./arrayMetadata.ts";

const notATime = -(2n ** 63n);
const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

/**
 * A `fill_value` in any spelling of the two versions as the number that stands in the data: null (none), numbers,
 * "NaN", "Infinity", "NaT", the bits as hexadecimal text ("0x7fc00000"), little-endian base64, decimal text, booleans.
 * Rounded to the precision of the data, so that it can be compared with them. 64-bit integers and times are bigints.
 * Throws where the type cannot hold it: a fill value that is read wrong is data.
 *
 * @example parseFill("0x7fc00000", { name: "float32", bytes: 4, bigEndian: false }) // NaN
 */
export function parseFill(fill: unknown, type: ElementType): number | bigint | null {
  if (fill === null || fill === undefined) return null;
  const value = type.name.startsWith("float") ? floatFill(fill, type) : integerFill(fill, type);
  if (value === undefined) throw new MetadataFault("fill_value", fill, `a value of ${type.name}`);
  return value;
}

function floatFill(fill: unknown, type: ElementType): number | undefined {
  if (typeof fill === "number" || typeof fill === "bigint") return rounded(Number(fill), type);
  if (typeof fill !== "string") return undefined;
  const word = words[fill];
  if (word !== undefined) return word;
  const bits = bitsOf(fill, type.bytes);
  if (bits !== undefined) return fromBits(bits, type);
  return isDecimal(fill) ? rounded(Number(fill), type) : undefined;
}

function integerFill(fill: unknown, type: ElementType): number | bigint | undefined {
  if (type.name === "bool") {
    if (typeof fill === "boolean") return fill ? 1 : 0;
    return fill === 0 || fill === 1 ? fill : undefined;
  }
  const isTime = type.name === "datetime64" || type.name === "timedelta64";
  let value: bigint;
  if (isTime && fill === "NaT") value = notATime;
  else if (typeof fill === "bigint") value = fill;
  else if (typeof fill === "number" && Number.isInteger(fill)) value = BigInt(fill);
  else if (typeof fill === "string" && /^[+-]?\d{1,20}$/.test(fill)) value = BigInt(fill.replace("+", ""));
  else if (typeof fill === "string") {
    const bits = bitsOf(fill, type.bytes);
    if (bits === undefined) return undefined;
    value = type.name.startsWith("u") ? bits : BigInt.asIntN(8 * type.bytes, bits);
  } else return undefined;
  const width = 8 * type.bytes;
  const held = type.name.startsWith("u") ? BigInt.asUintN(width, value) : BigInt.asIntN(width, value);
  if (held !== value) return undefined;
  return type.bytes === 8 ? value : Number(value);
}

const isDecimal = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);

/** The bits that hexadecimal text or base64 of exactly `bytes` bytes stands for. */
function bitsOf(text: string, bytes: number): bigint | undefined {
  if (/^0x[0-9a-f]+$/i.test(text)) return text.length === 2 + 2 * bytes ? BigInt(text) : undefined;
  if (!/^[A-Za-z0-9+/]+={1,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, "base64");
  return decoded.length === bytes ? BigInt(`0x${decoded.reverse().toString("hex")}`) : undefined;
}

function fromBits(bits: bigint, { bytes }: ElementType): number {
  const view = new DataView(new ArrayBuffer(8));
  if (bytes === 8) view.setBigUint64(0, bits);
  else if (bytes === 4) view.setUint32(0, Number(bits));
  else return halfBits(Number(bits));
  return bytes === 8 ? view.getFloat64(0) : view.getFloat32(0);
}

function halfBits(half: number): number {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const size =
    exponent === 31
      ? fraction === 0
        ? Number.POSITIVE_INFINITY
        : Number.NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1024 + fraction) * 2 ** (exponent - 25);
  return half & 0x8000 ? -size : size;
}

/** To the precision of the data: float16 half to even, float32 as `Math.fround`. */
function rounded(value: number, { bytes }: ElementType): number {
  if (bytes === 8) return value;
  if (bytes === 4 || !Number.isFinite(value) || value === 0) return Math.fround(value);
  const size = Math.abs(value);
  if (size >= 65520) return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const step = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  const steps = size / step;
  const floor = Math.floor(steps);
  const up = steps - floor > 0.5 || (steps - floor === 0.5 && floor % 2 === 1);
  return Math.sign(value) * (floor + (up ? 1 : 0)) * step;
}
