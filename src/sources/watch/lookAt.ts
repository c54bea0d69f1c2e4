/**
 * What there is of a source at one moment, as far as it is wanted: each chunk is asked for once, no value is read. A
 * chunk's history goes from view to view: since when it is as it is.
 */
import {
  isSettled,
  judge,
  type SeenChunk,
  seenAgain,
  thereSince,
  waitPolicy,
} from "../../kernels/completeness.ts";
import { hashText } from "../../kernels/hash.ts";
import { versionOf } from "../../kernels/versionOf.ts";
import { EwbError } from "../../model/errors.ts";
import type { Window } from "../../model/grid.ts";
import type { OpenGrid } from "../../model/openSource.ts";
import type { Completeness, View, WaitPolicy, Wanted } from "../../model/watch.ts";

export interface LookAtOptions {
  /** Milliseconds UTC. */
  readonly now: number;
  readonly policy?: WaitPolicy;
  /** When an init usually arrives; default: as soon as it begins. */
  expected?(initTime: number): number;
  readonly signal?: AbortSignal;
}

/** A view that keeps what the next one asks of it. */
export interface SourceView extends View {
  readonly chunks: ReadonlyMap<string, SeenChunk>;
  readonly units: ReadonlyMap<string, SeenUnit>;
}

interface SeenUnit {
  readonly wanted: Wanted;
  readonly status: Completeness;
  readonly version: string;
  readonly identity: string;
}

/**
 * Looks at a source that can tell without reading (`OpenGrid.look`).
 *
 * @example
 * const view = await lookAt(opened, wanted, previous, { now });
 * for (const { ref } of view.changed(previous)) …
 */
export const lookAt = async (
  opened: OpenGrid,
  wanted: Iterable<Wanted>,
  previous: SourceView | undefined,
  { now, policy = waitPolicy, expected = (initTime) => initTime, signal }: LookAtOptions,
): Promise<SourceView> => {
  const { look, chunks: chunksOf, source } = opened;
  if (look === undefined || chunksOf === undefined) {
    const message = `${source.address}: a source that cannot be looked at found, one of a store of chunks expected`;
    throw new EwbError("Unsupported", message, { source: source.address });
  }
  const all = [...wanted];
  const found = await look(
    all.map(({ ref, variables, window }) => ({ slot: ref.slot, variables, window })),
    signal ? { signal } : {},
  );
  const chunks = new Map<string, SeenChunk>();
  let settlesAt: number | undefined;
  for (const [id, object] of found) {
    const seen = seenAgain(previous?.chunks.get(id), object, now);
    chunks.set(id, seen);
    if (isSettled(seen, now, policy)) continue;
    const at = Math.max(now, Math.min(seen.since, seen.modified ?? seen.since) + policy.settle);
    settlesAt = Math.min(settlesAt ?? at, at);
  }

  const parts = all.map((one) => {
    const { ref, variables, window, member } = one;
    const ids = chunksOf({ slot: ref.slot, variables, window }, member);
    const seen = ids.map((id) => chunks.get(id));
    return { wanted: one, ids, seen, since: seen.includes(undefined) ? undefined : thereSince(seen) };
  });
  const laterSince = sinceLater(parts);
  const identities = new Map<string, string>();
  const units = new Map<string, SeenUnit>();
  const arrivals = new Map<number, number>();
  const lacking = new Set<number>();
  const namer = unitNames();
  for (const { wanted: one, ids, seen, since } of parts) {
    const { ref, variables } = one;
    const { initTime } = ref;
    if (since === undefined) lacking.add(initTime);
    else arrivals.set(initTime, Math.max(arrivals.get(initTime) ?? Number.NEGATIVE_INFINITY, since));
    const which = `${initTime} ${variables.join()}`;
    const identity = identities.get(which) ?? opened.identity?.(variables, ref.slot) ?? "";
    identities.set(which, identity);
    const circumstances = {
      now,
      expected: expected(initTime),
      laterSince: laterSince(one),
      absentIsFill: source.absent === "fill",
    };
    units.set(namer(one), {
      wanted: one,
      status: judge(seen, circumstances, policy),
      version: versionOf(ids.map((id, i) => [id, seen[i]?.version ?? "absent"])),
      identity,
    });
  }
  for (const init of lacking) arrivals.delete(init);

  const unitOf = (one: Wanted): SeenUnit => {
    const unit = units.get(namer(one));
    if (unit !== undefined) return unit;
    const when = `init ${new Date(one.ref.initTime).toISOString()}, lead ${one.ref.lead / 3_600_000} h`;
    throw new EwbError(
      "Pipeline",
      `${source.address}: ${when} of ${one.variables.join(", ")} was not looked at`,
      {
        source: source.address,
      },
    );
  };
  return {
    at: now,
    chunks,
    units,
    arrivals,
    settlesAt,
    status: (one) => unitOf(one).status,
    version: (one) => unitOf(one).version,
    changed(earlier) {
      const before = (earlier as SourceView | undefined)?.units;
      const isOther = ([name, { status, version, identity }]: [string, SeenUnit]) => {
        const was = before?.get(name);
        return was?.status !== status || was.version !== version || was.identity !== identity;
      };
      return [...units].filter(isOther).map(([, unit]) => unit.wanted);
    },
  };
};

type Part = { readonly wanted: Wanted; readonly since: number | undefined };

/** Since when something later is there: of a later init, or a later lead of the same. */
const sinceLater = (parts: readonly Part[]): ((wanted: Wanted) => number | undefined) => {
  const order = (a: Wanted, b: Wanted) => a.ref.initTime - b.ref.initTime || a.ref.lead - b.ref.lead;
  const whole = parts.filter(({ since }) => since !== undefined).sort((a, b) => order(a.wanted, b.wanted));
  const earliest: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let i = whole.length - 1; i >= 0; i--) {
    least = Math.min(least, whole[i]!.since!);
    earliest[i] = least;
  }
  return (wanted) => {
    let [low, high] = [0, whole.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order(whole[middle]!.wanted, wanted) > 0) high = middle;
      else low = middle + 1;
    }
    return earliest[low];
  };
};

/** Names of units, the same from view to view: by times, variables, window and member. */
const unitNames = () => {
  const windows = new WeakMap<Window, string>();
  return ({ ref, variables, window, member }: Wanted): string => {
    const where = windows.get(window) ?? hashText(JSON.stringify(window));
    windows.set(window, where);
    return `${ref.initTime} ${ref.lead} ${variables.join()} ${where} ${member ?? ""}`;
  };
};
