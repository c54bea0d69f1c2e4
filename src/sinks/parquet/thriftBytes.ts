/**
 * Goes through bytes of Thrift's compact protocol without making anything of them: where fields begin and end, and their
 * integers. Source: thrift-compact-protocol.md of Apache Thrift.
 */
export class ThriftBytes {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** An integer without sign, up to 2^53 - 1. */
  varint(): number {
    let [value, unit] = [0, 1];
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError("the bytes end early");
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  }

  /** An integer of i16, i32 or i64. */
  integer(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  binary(): Uint8Array {
    const length = this.varint();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  list(): { readonly size: number; readonly type: number } {
    const head = this.bytes[this.at++]!;
    const size = head >>> 4;
    return { size: size === 15 ? this.varint() : size, type: head & 0x0f };
  }

  /** @param visit takes a field's value, or gives false: then it is passed over */
  struct(visit: (field: number, type: number) => boolean): void {
    let field = 0;
    for (;;) {
      const head = this.bytes[this.at++];
      if (head === undefined) throw new RangeError("the bytes end early");
      if (head === 0) return;
      const type = head & 0x0f;
      field = head >>> 4 === 0 ? this.integer() : field + (head >>> 4);
      if (!visit(field, type)) this.skip(type);
    }
  }

  skip(type: number): void {
    // True and false are told by the type alone.
    if (type === 1 || type === 2) return;
    if (type === 3) this.at += 1;
    else if (type <= 6) this.varint();
    else if (type === 7) this.at += 8;
    else if (type === 8) this.binary();
    else if (type === 9 || type === 10) {
      const { size, type: of } = this.list();
      for (let i = 0; i < size; i++) {
        if (of <= 2) this.at += 1;
        else this.skip(of);
      }
    } else if (type === 12) this.struct(() => false);
    else throw new RangeError(`type ${type} is not expected here`);
  }
}
