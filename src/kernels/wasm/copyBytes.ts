/** What `set` copies as fast as this would. */
const few = 512;

/** What Node's buffers have, and other engines have not. */
interface Filled {
  readonly Buffer?: { readonly prototype: { fill(value: Uint8Array, from: number, to: number): unknown } };
}

/**
 * As `target.set(source, at)`, at the speed of memory. The engine copies to and from shared memory byte by byte where the
 * two do not lie alike in words of 8 bytes, at a fifth of the speed (V8's Relaxed_Memmove); what fills a buffer with
 * another one is the C library's copy.
 */
export const copyBytes = (target: Uint8Array, source: Uint8Array, at: number): void => {
  const { length } = source;
  const apart = target.byteOffset + at - source.byteOffset;
  const { Buffer } = globalThis as Filled;
  const isApart = target.buffer !== source.buffer || Math.abs(apart) >= length;
  if (apart % 8 === 0 || length < few || !isApart || Buffer === undefined) target.set(source, at);
  else Buffer.prototype.fill.call(target, source, at, at + length);
};
