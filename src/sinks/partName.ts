/**
 * The path of a file that is not whole yet, beside what it will be: `.NAME.WRITER.NUMBER.part`. The writer is this process,
 * by a name of its own each time it is started: so that what one that was killed has left can be told from what another
 * one writes.
 */
import { randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";

export const writer = randomUUID();

export const partName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${writer}.${randomUUID().slice(0, 8)}.part`);

/** The writer in a file's name; undefined: it is no such file. */
export const writerIn = (name: string): string | undefined =>
  /^\..+\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[0-9a-f]{8}\.part$/.exec(name)?.[1];
