/**
 * Stores of one init each as one forecast. What is asked of an init goes to its store: a slot names it beside the place
 * in the store. All lie on the grid of the first; one that does not, or cannot be opened (yet), is left out and a warning
 * says why; but not where its host has no answer: what lacks an init that was there would pass for the whole. Of an init that two stores have the later one by address counts.
 */
import type { ChunkRef, Slot } from "../../model/chunk.ts";
import { EwbError, isEwbError } from "../../model/errors.ts";
import type { Grid } from "../../model/grid.ts";
import type { OpenGrid } from "../../model/openSource.ts";
import type { Source } from "../../model/source.ts";
import { isUnanswered } from "../stores/storeFault.ts";
import type { InitStore } from "./findInits.ts";

/** The key of a slot that names the init: no dimension is called so. */
const initKey = "{init}";

interface Member {
  readonly address: string;
  readonly opened: OpenGrid;
}

/** @param open opens the store at an address */
export const joinInits = async (
  source: Source,
  stores: readonly InitStore[],
  open: (address: string) => Promise<OpenGrid>,
): Promise<OpenGrid> => {
  const warnings: string[] = [];
  const members: Member[] = [];
  let refused: unknown;
  const leaveOut = (address: string, error: unknown) => {
    if (!isEwbError(error) || isUnanswered(error)) throw error;
    refused ??= error;
    warnings.push(`left out: ${error.message.includes(address) ? "" : `${address}: `}${error.message}`);
  };
  for (let at = 0; at < stores.length; at += atOnce) {
    const some = stores.slice(at, at + atOnce);
    const opened = await Promise.allSettled(some.map(({ address }) => open(address)));
    for (const [i, one] of opened.entries()) {
      const { address } = some[i]!;
      if (one.status === "rejected") leaveOut(address, one.reason);
      else if (members.length > 0 && !isSame(members[0]!.opened.grid, one.value.grid)) {
        leaveOut(address, otherGrid(address, members[0]!, one.value.grid));
      } else members.push({ address, opened: one.value });
    }
  }
  const [first] = members;
  if (first === undefined) {
    if (refused !== undefined) throw refused;
    const message = `${source.address}: no store of any init found, at least one expected; check the pattern`;
    throw new EwbError("NotFound", message, { source: source.address });
  }

  const owners = new Map<number, Member>();
  const refsOf = (member: Member): readonly ChunkRef[] => {
    const { times } = member.opened;
    return times.kind === "forecast"
      ? [...times.refs(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)]
      : [];
  };
  let all: { readonly init: number; readonly refs: readonly ChunkRef[] }[] = [];
  let leads: readonly number[] = [];
  const arrange = () => {
    owners.clear();
    const runs = new Map<number, ChunkRef[]>();
    for (const member of members) {
      for (const ref of refsOf(member)) {
        const before = owners.get(ref.initTime);
        if (before !== member) {
          if (before !== undefined) {
            const init = new Date(ref.initTime).toISOString();
            warnings.push(
              `init ${init} is in ${before.address} and in ${member.address}; the latter is used`,
            );
          }
          owners.set(ref.initTime, member);
          runs.set(ref.initTime, []);
        }
        runs.get(ref.initTime)!.push({ ...ref, slot: { ...ref.slot, [initKey]: ref.initTime } });
      }
    }
    all = [...runs].map(([init, refs]) => ({ init, refs })).sort((a, b) => a.init - b.init);
    const distinct = new Set(all.flatMap(({ refs }) => refs.map(({ lead }) => lead)));
    leads = [...distinct].sort((a, b) => a - b);
  };
  arrange();

  const at = (slot: Slot): OpenGrid => {
    const member = owners.get(slot[initKey] ?? Number.NaN);
    if (member !== undefined) return member.opened;
    throw new EwbError("Pipeline", `${source.address}: a slot of another source was asked for`, {
      source: source.address,
    });
  };
  const own = [...warnings];

  return {
    kind: "grid",
    source,
    grid: first.opened.grid,
    times: {
      kind: "forecast",
      get leads() {
        return leads;
      },
      *refs(start, end) {
        for (const { init, refs } of all) {
          if (init > end) return;
          for (const ref of refs) if (ref.validTime >= start && ref.validTime <= end) yield ref;
        }
      },
    },
    get warnings() {
      return [...new Set([...warnings, ...members.flatMap(({ opened }) => opened.warnings)])];
    },
    level: (variable) => first.opened.level(variable),
    async check(variables) {
      const checked = await Promise.allSettled(members.map(({ opened }) => opened.check(variables)));
      const failed = checked.flatMap((one, i) =>
        one.status === "rejected" ? [[i, one.reason] as const] : [],
      );
      if (failed.length === 0) return;
      if (failed.length === members.length) throw failed[0]![1];
      warnings.splice(0, warnings.length, ...own);
      for (const [i, error] of failed) leaveOut(members[i]!.address, error);
      for (const [i] of failed.toReversed()) members.splice(i, 1);
      arrange();
    },
    members: (variable) => Math.max(...members.map(({ opened }) => opened.members(variable))),
    cost: (slot, variables, window, each) => at(slot).cost(slot, variables, window, each),
    read: (slot, variables, window, options) => at(slot).read(slot, variables, window, options),
    presence: (slot, variables, window, options) => at(slot).presence!(slot, variables, window, options),
    identity: (variables, slot) => at(slot).identity!(variables, slot),
  };
};

/** So many stores are opened at once. */
const atOnce = 16;

const isSame = (a: Grid, b: Grid): boolean =>
  isEqual(a.latitude, b.latitude) && isEqual(a.longitude, b.longitude);

const isEqual = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

const otherGrid = (address: string, first: Member, { latitude, longitude }: Grid): EwbError => {
  const { grid } = first.opened;
  const message =
    `${address}: a grid of ${latitude.length} x ${longitude.length} found, that of ${first.address} ` +
    `(${grid.latitude.length} x ${grid.longitude.length}) expected; all inits of a source lie on one grid`;
  return new EwbError("MetadataInvalid", message, { source: address });
};
