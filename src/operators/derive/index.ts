/** The derivations: `ewb/derive`. */
export { windSpeed } from "./windSpeed.ts";
