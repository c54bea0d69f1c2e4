import type { Field } from "./field.ts";
import type { Variables } from "./units.ts";

/**
 * Variables made of other variables, place by place and time by time: three plain properties, no state.
 * `compute` gets the fields of `needs` on one window and gives those of `gives` on the same window.
 */
export interface Derivation<Needs extends Variables, Gives extends Variables> {
  readonly name: string;
  readonly needs: Needs;
  readonly gives: Gives;
  compute(fields: { readonly [N in keyof Needs]: Field<Needs[N]> }): {
    readonly [N in keyof Gives]: Field<Gives[N]>;
  };
}
