/** The footer of a Parquet file, kept as bytes: where its row groups are told, and one text of its metadata. */
import { type FileMetaData, parquetMetadata } from "hyparquet";
import { ThriftBytes } from "./thriftBytes.ts";

/** Where one row group is told. */
export interface GroupBytes {
  readonly at: number;
  readonly end: number;
}

// Fields of FileMetaData in parquet.thrift, and the types of texts and structs.
const [rowGroups, keyValues] = [4, 5];
const [text, struct] = [8, 12];

export class FooterBytes {
  readonly bytes: Uint8Array;
  readonly groups: readonly GroupBytes[];
  /** What it says under the key that was asked for. */
  readonly text: string | undefined;
  /** Where the list of row groups begins. */
  readonly #list: number;

  /** @throws RangeError where the bytes are none of a footer */
  constructor(bytes: Uint8Array, key: string) {
    this.bytes = bytes;
    const from = new ThriftBytes(bytes);
    const groups: GroupBytes[] = [];
    const found = new Map<string, string>();
    let list = 0;
    from.struct((field) => {
      if (field !== rowGroups && field !== keyValues) return false;
      if (field === rowGroups) list = from.at;
      for (let { size } = from.list(); size > 0; size--) {
        const at = from.at;
        if (field === keyValues) found.set(...keyValue(from));
        else {
          from.skip(struct);
          groups.push({ at, end: from.at });
        }
      }
      return true;
    });
    this.groups = groups;
    this.text = found.get(key);
    this.#list = list;
  }

  /** What it says of the columns and of up to 14 row groups. */
  metadata(groups: readonly GroupBytes[]): FileMetaData {
    const footer = Buffer.concat([
      this.bytes.subarray(0, this.#list),
      Uint8Array.of((groups.length << 4) | struct),
      ...groups.map(({ at, end }) => this.bytes.subarray(at, end)),
      Uint8Array.of(0),
    ]);
    const tail = Buffer.from("....PAR1");
    tail.writeUInt32LE(footer.length);
    const metadata = parquetMetadata(new Uint8Array(Buffer.concat([footer, tail])));
    return { ...metadata, num_rows: metadata.row_groups.reduce((sum, { num_rows }) => sum + num_rows, 0n) };
  }
}

const keyValue = (from: ThriftBytes): [string, string] => {
  const found: string[] = [];
  from.struct((field, type) => {
    if (type !== text) return false;
    found[field] = new TextDecoder().decode(from.binary());
    return true;
  });
  return [found[1] ?? "", found[2] ?? ""];
};
