import { CodecError } from "./codecError.ts";
import type { Configuration } from "./configuration.ts";
import type { ElementType } from "./elementType.ts";
import { elementTypeV2 } from "./elementType.ts";
import type { Size } from "./size.ts";
import type { Stage, Step } from "./step.ts";

/** A filter's dtype: plain numbers only, float16 where it is read but not where it is made. */
export function filterType(
  codec: string,
  configuration: Configuration,
  key: string,
  otherwise: ElementType | undefined,
  use: "read" | "made",
): ElementType {
  const dtype = configuration[key];
  if (dtype === undefined || dtype === null) {
    if (otherwise !== undefined) return otherwise;
    throw new CodecError({ codec, found: `no ${key}`, expected: "a dtype" });
  }
  const type = elementTypeV2(dtype, codec);
  if (type.unit === undefined && (type.name !== "float16" || use === "read")) return type;
  throw new CodecError({
    codec,
    found: `${key} ${JSON.stringify(dtype)}`,
    expected: "integers, float32 or float64",
  });
}

/** A filter that makes one element of another: sizes change in the proportion of the two widths. */
export function conversion(
  name: string,
  stage: Stage,
  from: ElementType,
  to: ElementType,
  decode: (encoded: Uint8Array) => Uint8Array,
): Step {
  const scaled = (bytes: number) => {
    if (bytes % to.bytes === 0) return (bytes / to.bytes) * from.bytes;
    const expected = `a multiple of ${to.bytes} for ${to.name}`;
    throw new CodecError({ codec: name, found: `${bytes} decoded bytes`, expected });
  };
  return {
    name,
    encodedSize: ({ least, most }: Size) =>
      least === most
        ? { least: scaled(least), most: scaled(most) }
        : { least: 0, most: Math.ceil(most / to.bytes) * from.bytes },
    decode(encoded) {
      if (encoded.length % from.bytes === 0) return decode(encoded);
      const expected = `a multiple of ${from.bytes} for ${from.name}`;
      throw new CodecError({ codec: name, found: `${encoded.length} bytes`, expected });
    },
    after: { shape: stage.shape, width: from.bytes },
  };
}
