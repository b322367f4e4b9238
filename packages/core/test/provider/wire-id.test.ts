import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseWireId, wireIdOf } from "../../src/provider/wire-id.js";

const name = fc.record({
  nonce: fc.stringMatching(/^[a-z0-9]{20,24}$/),
  round: fc.nat(9_999_999),
});

describe("a derived id", () => {
  it("says again whose it is, in at most 64 letters and digits", () => {
    fc.assert(
      fc.property(name, fc.nat(Number.MAX_SAFE_INTEGER % 10 ** 12), (round, ordinal) => {
        const id = wireIdOf(round, ordinal);
        expect(id).toMatch(/^[A-Za-z0-9]{1,64}$/);
        expect(parseWireId(id)).toEqual({ ...round, ordinal });
      }),
    );
  });

  it("is another one for another request, round or batch", () => {
    const where = fc.tuple(name, fc.nat(10_000_000));
    fc.assert(
      fc.property(where, where, ([one, at], [other, place]) => {
        const isSame = one.nonce === other.nonce && one.round === other.round && at === place;
        expect(wireIdOf(one, at) === wireIdOf(other, place)).toBe(isSame);
      }),
    );
  });

  it.each(["", "request-1", "R0N0", "k3j0R0", "k3j0R0N", "K3J0R0N0", "k3j0R0N0 ", "k3j0R-1N0"])(
    "is not %j",
    (id) => {
      expect(parseWireId(id)).toBeUndefined();
    },
  );
});
