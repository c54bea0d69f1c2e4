import { CodecError } from "./codecError.ts";
import type { Configuration } from "./configuration.ts";
import { checkSize } from "./size.ts";
import type { Stage, Step } from "./step.ts";

/** numcodecs' packbits: one byte that counts the padding of the last one, then 8 booleans a byte, first one highest. */
export function packBits(_: Configuration, stage: Stage): Step {
  return {
    name: "packbits",
    encodedSize: ({ least, most }) => ({ least: 1 + Math.ceil(least / 8), most: 1 + Math.ceil(most / 8) }),
    decode(encoded, size) {
      const padding = encoded[0] ?? 0;
      const bits = (encoded.length - 1) * 8 - padding;
      if (padding > 7 || bits < 0) {
        throw new CodecError({ codec: "packbits", found: `${padding} bits of padding`, expected: "0 to 7" });
      }
      checkSize("packbits", bits, size);
      const out = new Uint8Array(bits);
      for (let i = 0; i < bits; i++) out[i] = (encoded[1 + (i >> 3)]! >> (7 - (i & 7))) & 1;
      return out;
    },
    after: { shape: [1 + Math.ceil(stage.shape.reduce((a, b) => a * b, 1) / 8)], width: 1 },
  };
}
