/** Text that is no JSON document: where. */
export class JsonFault extends Error {
  constructor(found: string) {
    super(`${found} found, a JSON document expected`);
    this.name = "JsonFault";
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

const mark = "\u0000ewb:";
const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};
const tokens = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * A JSON object as writers of Zarr really make them: a byte order mark, bare NaN and Infinity (as Python writes
 * them) are read; a `fill_value` beyond 2^53 becomes a bigint instead of a rounded number. Anything else that is not
 * JSON throws `JsonFault` with the position.
 *
 * @example parseJson(new TextEncoder().encode('{"valid_max": NaN}')) // { valid_max: NaN }
 */
export function parseJson(bytes: Uint8Array): JsonObject {
  if (bytes.length === 0) throw new JsonFault("an empty file");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new JsonFault("text that is not UTF-8");
  }
  const value = parse(text);
  if (isObject(value)) return value;
  throw new JsonFault(Array.isArray(value) ? "a list" : `${JSON.stringify(value)}`);
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  // Most documents need none of the care: what stands right after a quote is text.
  if (!/(?<!")(?:NaN|-?Infinity)|\d{16}/.test(text)) return strict(text, text);
  const careful = text.replace(tokens, (token) => {
    if (token in words || /^-?\d{16,}$/.test(token)) return `"\\u0000ewb:${token}"`;
    return token;
  });
  return careful === text ? strict(text, text) : strict(careful, text, restore);
}

function restore(key: string, value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith(mark)) return value;
  const token = value.slice(mark.length);
  if (token in words) return words[token];
  if (!/^-?\d+$/.test(token)) return value;
  return key === "fill_value" ? BigInt(token) : Number(token);
}

function strict(text: string, original: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1] ?? text.length;
    const kind = /^\s*</.test(original)
      ? "a page of HTML or XML"
      : `text that breaks at position ${position}`;
    throw new JsonFault(`${kind} (${original.length} characters)`);
  }
}
