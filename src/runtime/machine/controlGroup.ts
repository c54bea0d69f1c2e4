/**
 * Control groups of this process: its own and every ancestor that it can see, for a container may show only a part
 * of the tree. The own group is in /proc/self/cgroup, the folder that shows it in /proc/self/mountinfo:
 *
 *     0::/user.slice/job_12                          version 2: one tree
 *     4:memory:/slurm/uid_1/job_12                   version 1: a tree for each controller
 *     41 31 0:38 / /sys/fs/cgroup rw - cgroup2 ...   root of what is shown, where, type
 *
 * Both versions may be mounted at once (systemd's "hybrid"); the files of a controller are in one of them.
 */
import type { System } from "./system.ts";

/** A group and the folder of its files. */
export interface ControlGroup {
  readonly version: 1 | 2;
  /** As in /proc/self/cgroup: `/user.slice/job_12`; `/` is the top of what is shown. */
  readonly name: string;
  readonly folder: string;
}

/** Own group first, then its ancestors up to the top, for version 2 and then for version 1. */
export const controlGroups = (system: System, controller: "memory" | "cpu"): readonly ControlGroup[] => {
  const mounts = (system.read("/proc/self/mountinfo") ?? "").split("\n").map(mountOf);
  const own = (system.read("/proc/self/cgroup") ?? "").split("\n").flatMap((line) => {
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ id, controllers: controllers!.split(","), path }];
  });
  const two = own.find(({ id, controllers }) => id === "0" && controllers[0] === "");
  const one = own.find(({ controllers }) => controllers.includes(controller));
  return [
    ...chain(
      2,
      two?.path,
      mounts.find((mount) => mount?.type === "cgroup2"),
    ),
    ...chain(
      1,
      one?.path,
      mounts.find((mount) => mount?.type === "cgroup" && mount.options.includes(controller)),
    ),
  ];
};

interface Mount {
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** One line of mountinfo: see proc(5). Optional fields end at " - "; blanks in paths are octal. */
const mountOf = (line: string): Mount | undefined => {
  const [left = "", right] = line.split(" - ");
  const [, , , root, point] = left.split(" ").map(plain);
  if (root === undefined || point === undefined || right === undefined) return undefined;
  const [type = "", , options = ""] = right.split(" ");
  return { root, point, type, options: options.split(",") };
};

const plain = (path: string): string =>
  path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const chain = (version: 1 | 2, path: string | undefined, mount: Mount | undefined): ControlGroup[] => {
  if (path === undefined || mount === undefined) return [];
  const root = mount.root === "/" ? "" : mount.root;
  // A group outside of what is shown (`/../..`, another container's): only the top can be asked.
  const inside = (path === root || path.startsWith(`${root}/`)) && !path.split("/").includes("..");
  const steps = inside ? path.slice(root.length).split("/").filter(Boolean) : [];
  return [...steps.keys(), steps.length].reverse().map((length) => {
    const below = steps
      .slice(0, length)
      .map((step) => `/${step}`)
      .join("");
    return { version, name: `${root}${below}` || "/", folder: `${mount.point}${below}` };
  });
};

/** Numbers of a file of lines `name number`, such as memory.stat. */
export const numbersOf = (text: string | undefined): ReadonlyMap<string, number> =>
  new Map(
    (text ?? "").split("\n").flatMap((line) => {
      const [, name, number] = /^(\w+):?\s+(\d+)/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(number)] as const];
    }),
  );
