/** Says that the chunks of an array are compressed by what cannot be decoded in parts; there must be none. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const asZlib = (store: string, array: string): void => {
  const change = (file: string, arrayOf: (document: any) => { compressor: unknown }) => {
    const document = JSON.parse(readFileSync(join(store, file), "utf8"));
    arrayOf(document).compressor = { id: "zlib", level: 1 };
    writeFileSync(join(store, file), JSON.stringify(document));
  };
  change(".zmetadata", ({ metadata }) => metadata[`${array}/.zarray`]);
  change(`${array}/.zarray`, (own) => own);
};
