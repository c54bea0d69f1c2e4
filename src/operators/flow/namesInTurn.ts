import type { ChunkRef } from "../../model/chunk.ts";
import type { Turn, Turns } from "../../model/turns.ts";

/** Groups at once: what one reads is shared by nobody else, and is to be done with soon. */
const groupsAtOnce = 2;

interface Group {
  readonly places: Set<Place>;
  readonly compare: (a: ChunkRef, b: ChunkRef) => number;
  isBegun: boolean;
}

/** A set that waits to name a ref, or (undefined) that names one, and will ask again or leave. */
interface Place {
  waits: { readonly ref: ChunkRef; readonly go: () => void } | undefined;
}

/** A merge of sorted sequences: the first ref of all is named when each set of the group has said which is its next. */
export const namesInTurn = (): Turns => {
  const groups = new Map<string, Group>();
  let opening = 0;

  const elect = (): void => {
    let at = 0;
    for (const group of groups.values()) {
      if (at++ === groupsAtOnce) return;
      const { places, compare } = group;
      if (opening > 0 && !group.isBegun) continue;
      let first: Place | undefined;
      for (const place of places) {
        if (place.waits === undefined) {
          first = undefined;
          break;
        }
        if (first?.waits === undefined || compare(place.waits.ref, first.waits.ref) < 0) first = place;
      }
      if (first?.waits === undefined) continue;
      const { go } = first.waits;
      group.isBegun = true;
      first.waits = undefined;
      go();
    }
  };

  return {
    after(promise) {
      opening += 1;
      const over = () => {
        opening -= 1;
        elect();
      };
      promise.then(over, over);
    },
    enter(name, compare): Turn {
      const group = groups.get(name) ?? { places: new Set(), compare, isBegun: false };
      groups.set(name, group);
      const place: Place = { waits: undefined };
      group.places.add(place);
      return {
        next(ref) {
          let isNow = false;
          let go = (): void => {
            isNow = true;
          };
          place.waits = { ref, go: () => go() };
          elect();
          return isNow
            ? undefined
            : new Promise<void>((resolve) => {
                go = resolve;
              });
        },
        leave() {
          group.places.delete(place);
          if (group.places.size === 0 && groups.get(name) === group) groups.delete(name);
          elect();
        },
      };
    },
  };
};
