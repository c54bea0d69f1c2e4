/**
 * The variables the catalogue knows, with canonical names and units: for looking up what a store's array is
 * called and what a variable is measured in.
 *
 * @example
 * variableFacts.find(({ name }) => name === "surface_air_temperature")?.unit; // "K"
 */
export { type VariableFact, variableFacts } from "../model/variables.ts";
