/**
 * A table as a set of files, one for each case or month, in a folder for each version of the set. Files of parts that have
 * not changed are the same files under another link; a file that has changed has another name. So who has listed one
 * version and opens its files when the next has come finds what it has listed, or nothing: never a mixture.
 */
import { lstatSync } from "node:fs";
import { copyFile, link, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isEwbError } from "../../model/errors.ts";
import { atomicFile, notWritten } from "../atomicFile.ts";
import type { Column } from "../column.ts";
import { FileInParts } from "../parquet/fileInParts.ts";
import { isSameColumns } from "../parquet/partsText.ts";
import { writeInParts } from "../parquet/writeInParts.ts";
import { apart, isSamePart, type Part } from "../parts/part.ts";
import { type PartRule, partName } from "../parts/partRule.ts";
import type { CellBlock, Place, Published } from "./published.ts";
import { SetVersions } from "./setVersions.ts";

/** A part that is a file. */
interface SetPart extends Part {
  readonly file: string;
  readonly size: number;
}

/** What is said of a version beside its folder. Plain data. */
interface SetText {
  readonly rule: PartRule;
  readonly columns: readonly Column[];
  readonly parts: readonly SetPart[];
}

class PublishedSet implements Published {
  readonly isInParts = true;
  isDamaged = false;
  readonly folder: string;
  readonly columns: readonly Column[];
  readonly parts: readonly SetPart[];

  constructor(folder: string, { columns, parts }: SetText) {
    this.folder = folder;
    this.columns = columns;
    this.parts = parts;
  }

  async *blocks(part: Part): AsyncGenerator<CellBlock> {
    const { file } = this.parts.find((one) => one === part)!;
    const opened = await FileInParts.open(join(this.folder, file));
    this.isDamaged ||= opened === undefined;
    if (opened === undefined) return;
    try {
      for (const one of opened.parts) yield* opened.blocks(one);
    } finally {
      this.isDamaged ||= opened.isDamaged;
      await opened.close();
    }
  }

  async close(): Promise<void> {}
}

/**
 * @param path of the link that readers go through
 * @param now milliseconds UTC
 * @throws `Write` where something else has this name
 */
export const setPlace = (path: string, rule: PartRule, now: () => number): Place => {
  const versions = new SetVersions(path);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === false)
    throw notWritten(path, Object.assign(new Error("it is no link"), { code: "EISDIR" }));
  return {
    path,
    rule,
    async open() {
      const number = await versions.current();
      if (number === undefined) return undefined;
      const folder = versions.folderOf(number);
      const text = await readFile(`${folder}.json`, "utf8").catch(() => undefined);
      if (text === undefined) return undefined;
      await versions.link(number);
      const set = setOf(text);
      return set?.rule === rule ? new PublishedSet(folder, set) : undefined;
    },
    partsOf: apart,
    async write(table, parts, metadata, before) {
      const old =
        before instanceof PublishedSet && isSameColumns(before.columns, table.columns) ? before : undefined;
      const known = new Map(old?.parts.map((part) => [part.from, part]));
      const number = await versions.begin();
      const folder = versions.folderOf(number);
      try {
        const files: SetPart[] = [];
        for (const part of parts) {
          const found = known.get(part.from);
          const same = found && isSamePart(found, part) ? found : undefined;
          if (same !== undefined && (await takeOver(same, old!.folder, folder))) {
            files.push(same);
            continue;
          }
          const file = `${partName(rule, part.from)}.${versions.nameOf(number)}.parquet`;
          const size = await writeInParts(join(folder, file), table, [part], metadata);
          const { from, to, rows, sum } = part;
          files.push({ from, to, rows, sum, file, size });
        }
        const text: SetText = { rule, columns: table.columns, parts: files };
        await atomicFile(`${folder}.json`, (append) => append(Buffer.from(JSON.stringify(text))));
        await versions.promise(number);
        await versions.prune(now());
        return files.reduce((sum, { size }) => sum + size, 0);
      } catch (cause) {
        if ((await versions.current()) !== number) await versions.giveUp(number);
        throw isEwbError(cause) ? cause : notWritten(path, cause);
      }
    },
  };
};

const setOf = (text: string): SetText | undefined => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Links a file of one version into another, or copies it where there can be no link; false: it is not there, whole. */
const takeOver = async ({ file, size }: SetPart, from: string, to: string): Promise<boolean> => {
  const found = await stat(join(from, file)).catch(() => undefined);
  if (found?.size !== size) return false;
  const [source, target] = [join(from, file), join(to, file)];
  await link(source, target).catch(() => copyFile(source, target));
  return true;
};
