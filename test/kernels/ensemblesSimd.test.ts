/** SIMD and scalar statistics of ensembles are the same bits. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scalarCrpsScores, simdCrpsScores } from "../../src/kernels/ensembles/crpsScores.ts";
import { scalarEnsembleMoments, simdEnsembleMoments } from "../../src/kernels/ensembles/ensembleMoments.ts";
import { ensemblesModule } from "../../src/kernels/ensembles/ensemblesModule.ts";
import { scalarMemberRanks, simdMemberRanks } from "../../src/kernels/ensembles/memberRanks.ts";
import type { Values } from "../../src/model/field.ts";
import { random } from "../../src/testing/random.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const value = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: 180, max: 330, noNaN: true }) },
  { weight: 3, arbitrary: fc.constantFrom(280, 281, 0, -0) },
  { weight: 2, arbitrary: fc.constant(nan) },
  { weight: 1, arbitrary: fc.constantFrom(inf, -inf, 1e-45, 3e38, -1e300) },
);

interface Sample {
  readonly members: readonly Values[];
  readonly target: Values;
  readonly limit: Values;
  readonly borders: Uint32Array;
}

const sample: fc.Arbitrary<Sample> = fc
  .record({
    many: fc.oneof(fc.integer({ min: 1, max: 13 }), fc.constantFrom(16, 17, 50)),
    size: fc.integer({ min: 0, max: 23 }),
    wide: fc.boolean(),
  })
  .chain(({ many, size, wide }) => {
    const Type = wide ? Float64Array : Float32Array;
    const field = fc.array(value, { minLength: size, maxLength: size });
    return fc
      .tuple(fc.array(field, { minLength: many, maxLength: many }), field, field, fc.nat({ max: size }))
      .map(([members, target, limit, cut]) => ({
        members: members.map((numbers) => Type.from(numbers)),
        target: Float32Array.from(target),
        limit: Float64Array.from(limit),
        borders: Uint32Array.of(0, cut, size),
      }));
  });

const always = (property: (sample: Sample) => void): void =>
  fc.assert(fc.property(sample, property), { numRuns: 100 });

describe("members by SIMD as by the scalar code", () => {
  const module = ensemblesModule!;
  test("ranks", () => {
    always(({ members, target, limit }) => {
      for (const against of [target, limit, 280, nan]) {
        expect(simdMemberRanks(module, members, against)).toStrictEqual(scalarMemberRanks(members, against));
      }
    });
  });
  test("moments", () => {
    always(({ members, borders }) => {
      expect(simdEnsembleMoments(module, members)).toStrictEqual(scalarEnsembleMoments(members, borders));
    });
  });
  test("CRPS, clipped and not", () => {
    always(({ members, target, limit, borders }) => {
      for (const estimator of ["fair", "ecdf"] as const) {
        for (const clip of [{}, { lowest: 280 }, { highest: limit }, { lowest: 200, highest: limit }]) {
          expect(simdCrpsScores(module, members, target, estimator, clip)).toStrictEqual(
            scalarCrpsScores(members, target, borders, estimator, clip),
          );
        }
      }
    });
  });

  /** More places than a tile has: all in order, none lost at the seams, the last tile not whole. */
  test.each([10, 51])("many tiles, %d members", (many) => {
    const next = random(many);
    const field = () => Float32Array.from({ length: 2_001 }, () => (next() < 0.1 ? nan : 270 + 30 * next()));
    const members = Array.from({ length: many }, field);
    const target = field();
    const borders = Uint32Array.of(0, 700, 2_001);
    expect(simdMemberRanks(module, members, target)).toStrictEqual(scalarMemberRanks(members, target));
    expect(simdEnsembleMoments(module, members)).toStrictEqual(scalarEnsembleMoments(members, borders));
    const clip = { lowest: target, highest: 290 };
    expect(simdCrpsScores(module, members, target, "fair", clip)).toStrictEqual(
      scalarCrpsScores(members, target, borders, "fair", clip),
    );
  });
});
