/** What chunk files hold: a Blosc frame (lz4, byte shuffle), a zstd frame, or bytes as they are. */
import Zstd from "numcodecs/zstd";
import { bloscFrame } from "./bloscFrame.ts";

export type Packing = "blosc" | "zstd" | "none";

/** As Zarr 2 metadata name them. */
export const compressors: Readonly<Record<Packing, object | null>> = {
  blosc: { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 },
  zstd: { id: "zstd", level: 1 },
  none: null,
};

export const packed = async (values: Float32Array, packing: Packing): Promise<Uint8Array> => {
  if (packing === "blosc") return bloscFrame(values);
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return packing === "none" ? raw : await Zstd.fromConfig({ id: "zstd", level: 1 }).encode(raw);
};
