/**
 * Where the sockets of a user's runs are. A Unix socket is guarded by its folder: it is the user's own, mode 0700,
 * made by us or checked before it is trusted, by the run and by who asks it. Tried in order: `$XDG_RUNTIME_DIR/ewb`,
 * `ewb-UID` in the temporary folder, and in `/tmp`, which is short where the others are too long for a socket. On
 * Windows it is a named pipe with the user's name, which others may not write to.
 */
import { lstat, mkdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { EwbError } from "../../model/errors.ts";

/** What is asked of the machine. */
export interface ControlPlace {
  readonly platform: NodeJS.Platform;
  readonly uid: number;
  readonly user: string;
  readonly pid: number;
  /** XDG_RUNTIME_DIR. */
  readonly runtime: string | undefined;
  readonly temporary: string;
  /** A temporary folder with a short name: some are too long for a socket. */
  readonly short: string;
}

export const controlPlace = (): ControlPlace => ({
  platform: process.platform,
  uid: process.getuid?.() ?? -1,
  user: process.platform === "win32" ? userInfo().username : "",
  pid: process.pid,
  runtime: process.env.XDG_RUNTIME_DIR,
  temporary: tmpdir(),
  short: "/tmp",
});

const pipes = "\\\\.\\pipe\\";
const ending = ".sock";

/** Bytes of the longest path of a socket: `sun_path` less its closing zero. */
const longestPath = (platform: NodeJS.Platform): number => (platform === "linux" ? 107 : 103);

/** Folders that may hold sockets, best first. */
export const socketFolders = ({
  platform,
  uid,
  runtime,
  temporary,
  short,
}: ControlPlace): readonly string[] => {
  if (platform === "win32") return [pipes];
  const own = `ewb-${uid}`;
  const ofSession = runtime !== undefined && isAbsolute(runtime) ? [join(runtime, "ewb")] : [];
  return [...new Set([...ofSession, join(temporary, own), join(short, own)])];
};

/**
 * Passes where the folder is the user's own and nobody else's.
 *
 * @throws `Unsupported`, naming the folder and what is wrong; errors of the file system (`ENOENT`)
 */
export const checkFolder = async (folder: string, { platform, uid }: ControlPlace): Promise<void> => {
  if (platform === "win32") return;
  const found = await lstat(folder);
  const mode = found.mode & 0o777;
  const wrong = found.isSymbolicLink()
    ? "it is a link"
    : !found.isDirectory()
      ? "it is no folder"
      : found.uid !== uid
        ? `it belongs to user ${found.uid}, not to ${uid}`
        : (mode & 0o077) !== 0
          ? `others may use it (mode ${mode.toString(8).padStart(4, "0")}, expected 0700)`
          : undefined;
  if (wrong === undefined) return;
  throw new EwbError("Unsupported", `${folder} is refused: ${wrong}. Remove it, or set XDG_RUNTIME_DIR`);
};

/** The same, made where it is missing. */
export const ownFolder = async (folder: string, place: ControlPlace): Promise<void> => {
  if (place.platform !== "win32") {
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  await checkFolder(folder, place);
};

/**
 * Where the run listens.
 *
 * @throws `Unsupported` where the path is too long for a socket
 */
export const socketAddress = (folder: string, id: string, place: ControlPlace): string =>
  place.platform === "win32" ? `${folder}ewb-${place.user}-${id}` : pathFor(join(folder, id + ending), place);

/**
 * The path of a socket.
 *
 * @throws `Unsupported` where it is too long for one
 */
export const pathFor = (path: string, { platform }: Pick<ControlPlace, "platform">): string => {
  const most = longestPath(platform);
  if (Buffer.byteLength(path) <= most) return path;
  throw new EwbError("Unsupported", `${path} is too long for a socket: at most ${most} bytes`);
};

/** The id of the run that listens under this name in the folder; undefined for what is no run of the user. */
export const idOfSocket = (name: string, { platform, user }: ControlPlace): string | undefined => {
  const [before, after] = platform === "win32" ? [`ewb-${user}-`, ""] : ["", ending];
  const whole = name.length > before.length + after.length;
  return whole && name.startsWith(before) && name.endsWith(after)
    ? name.slice(before.length, name.length - after.length)
    : undefined;
};
