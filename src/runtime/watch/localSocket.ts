/**
 * Where the watch of a ledger answers on this machine: a socket that only its user can open, in the folder of his runs'
 * sockets. Whoever has the ledger may take it; where it is stands in `service.json` in the ledger's folder.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { hashText } from "../../kernels/hash.ts";
import {
  type ControlPlace,
  controlPlace,
  ownFolder,
  pathFor,
  socketFolders,
} from "../control/controlPlace.ts";

/** Listens at the first folder that will do, by what `listen` does with an address. Rejects where none does. */
export const atSocket = async (
  ledger: string,
  listen: (address: string) => Promise<void>,
  place: ControlPlace = controlPlace(),
): Promise<string> => {
  const name = hashText(resolve(ledger));
  const problems: string[] = [];
  for (const folder of socketFolders(place)) {
    try {
      await ownFolder(folder, place);
      const isPipe = place.platform === "win32";
      const address = isPipe
        ? `${folder}ewb.history-${place.user}-${name}`
        : pathFor(join(folder, `${name}.history`), place);
      // The ledger is ours: what is there is of a watch that is no more.
      if (!isPipe) await rm(address, { force: true });
      await listen(address);
      if (!isPipe) await chmod(address, 0o600);
      writeFileSync(socketFile(ledger), JSON.stringify({ socket: address }));
      return address;
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(problems.join("; "));
};

/** Where the watch of a ledger answers; undefined: it does not say so. */
export const socketOf = (ledger: string): string | undefined => {
  try {
    const { socket } = JSON.parse(readFileSync(socketFile(ledger), "utf8"));
    return typeof socket === "string" ? socket : undefined;
  } catch {
    return undefined;
  }
};

export const socketFile = (ledger: string): string => join(ledger, "service.json");
