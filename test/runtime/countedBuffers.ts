/**
 * Buffers that watch how they are used: memory holds garbage when it is taken and again once it is given back, several
 * buffers lie in one block, and what is given back twice, or was not taken, is an error.
 */
import type { Buffers, OwnedWorkspace } from "../../src/model/memory.ts";

export interface CountedBuffers extends Buffers {
  /** Buffers that are taken and not given back. */
  readonly out: number;
  readonly taken: number;
  readonly faults: string[];
  workspace(): OwnedWorkspace;
}

const slabBytes = 1 << 20;
/** Every float of it is a NaN, and no one that arithmetic makes. */
const poison = 0xff;

export const countedBuffers = (): CountedBuffers => {
  const free = new Map<number, Uint8Array[]>();
  const used = new Map<ArrayBufferLike, Map<number, Uint8Array>>();
  const faults: string[] = [];
  let slab = new ArrayBuffer(slabBytes);
  let at = 64;
  let out = 0;
  let taken = 0;

  const fresh = (size: number): Uint8Array => {
    if (size > slabBytes / 4) return new Uint8Array(new ArrayBuffer(size + 128), 64, size);
    if (at + size > slabBytes) {
      slab = new ArrayBuffer(slabBytes);
      at = 64;
    }
    const made = new Uint8Array(slab, at, size);
    at += size + 64;
    return made;
  };

  const buffers: CountedBuffers = {
    get out() {
      return out;
    },
    get taken() {
      return taken;
    },
    faults,
    take(bytes) {
      const size = Math.max(64, 2 ** Math.ceil(Math.log2(bytes || 1)));
      const whole = free.get(size)?.pop() ?? fresh(size);
      whole.fill(poison);
      const block = used.get(whole.buffer) ?? new Map<number, Uint8Array>();
      used.set(whole.buffer, block.set(whole.byteOffset, whole));
      out += 1;
      taken += 1;
      return whole.subarray(0, bytes);
    },
    give({ buffer, byteOffset, byteLength }) {
      const block = used.get(buffer);
      const found = [...(block?.values() ?? [])].find(
        (one) => byteOffset >= one.byteOffset && byteOffset < one.byteOffset + one.byteLength,
      );
      if (block === undefined || found === undefined) {
        // Fresh memory of others is left alone; ours is given back once.
        if (block !== undefined) faults.push(`${byteLength} bytes were given back twice`);
        return;
      }
      block.delete(found.byteOffset);
      found.fill(poison);
      const list = free.get(found.byteLength) ?? [];
      free.set(found.byteLength, [...list, found]);
      out -= 1;
    },
    workspace() {
      const mine: Uint8Array[] = [];
      const take = (bytes: number) => {
        const array = buffers.take(bytes);
        mine.push(array);
        return array;
      };
      return {
        float32: (length) => {
          const { buffer, byteOffset } = take(4 * length);
          return new Float32Array(buffer as ArrayBuffer, byteOffset, length);
        },
        float64: (length) => {
          const { buffer, byteOffset } = take(8 * length);
          return new Float64Array(buffer as ArrayBuffer, byteOffset, length);
        },
        free() {
          for (const array of mine.splice(0)) buffers.give(array);
        },
      };
    },
  };
  return buffers;
};
