/**
 * Digits of a double as Zeek's JSON writer finds them: the Grisu2 algorithm (F. Loitsch, "Printing
 * Floating-Point Numbers Quickly and Accurately with Integers", 2010). It differs from the shortest
 * digits, which JavaScript prints, in ties (up, not to even) and rarely in a last digit too many.
 */
interface Scaled {
  /** 64 bits. */
  readonly f: bigint;
  readonly e: number;
}

const BITS = 64n;
const HIDDEN = 1n << 52n;
const TOP = 1n << 63n;

function normalized(f: bigint, e: number): Scaled {
  let significand = f;
  let exponent = e;
  while (significand < TOP) {
    significand <<= 1n;
    exponent--;
  }
  return { f: significand, e: exponent };
}

const times = (a: Scaled, b: Scaled): Scaled => ({
  f: (a.f * b.f + TOP) >> BITS,
  e: a.e + b.e + 64,
});

const powers = new Map<number, Scaled>();

/** 10^k to the nearest 64 bits. */
function powerOfTen(k: number): Scaled {
  const known = powers.get(k);
  if (known !== undefined) return known;
  const ten = 10n ** BigInt(Math.abs(k));
  const length = ten.toString(2).length;
  let f: bigint;
  let e: number;
  if (k >= 0) {
    e = length - 64;
    f = e <= 0 ? ten << BigInt(-e) : (ten + (1n << BigInt(e - 1))) >> BigInt(e);
  } else {
    const shift = length + 63;
    e = -shift;
    f = ((1n << BigInt(shift)) + ten / 2n) / ten;
    if (f >= 1n << BITS) {
      f >>= 1n;
      e++;
    }
  }
  const power = { f, e };
  powers.set(k, power);
  return power;
}

/** The power that brings an exponent into range, one of every eighth, and its decimal exponent. */
function cachedPower(e: number): { power: Scaled; k: number } {
  const k = Math.ceil((-61 - e) * 0.30102999566398114 + 347);
  const exponent = -348 + ((k >> 3) + 1) * 8;
  return { power: powerOfTen(exponent), k: -exponent };
}

function roundLast(digits: number[], delta: bigint, remainder: bigint, unit: bigint, distance: bigint): void {
  let rest = remainder;
  const last = digits.length - 1;
  while (
    rest < distance &&
    delta - rest >= unit &&
    (rest + unit < distance || distance - rest > rest + unit - distance)
  ) {
    digits[last] = (digits[last] ?? 0) - 1;
    rest += unit;
  }
}

function generate(w: Scaled, upper: Scaled, spread: bigint, k: number): { digits: string; k: number } {
  const shift = BigInt(-upper.e);
  const one = 1n << shift;
  const distance = upper.f - w.f;
  let delta = spread;
  let whole = upper.f >> shift;
  let fraction = upper.f & (one - 1n);
  const digits: number[] = [];
  const push = (digit: bigint) => {
    if (digit !== 0n || digits.length > 0) digits.push(Number(digit));
  };
  for (let kappa = whole.toString().length; kappa > 0; ) {
    const unit = 10n ** BigInt(kappa - 1);
    push(whole / unit);
    whole %= unit;
    kappa--;
    const rest = (whole << shift) + fraction;
    if (rest <= delta) {
      roundLast(digits, delta, rest, unit << shift, distance);
      return { digits: digits.join(""), k: k + kappa };
    }
  }
  let scale = 1n;
  for (let kappa = -1; ; kappa--) {
    fraction *= 10n;
    delta *= 10n;
    scale *= 10n;
    push(fraction >> shift);
    fraction &= one - 1n;
    if (fraction < delta) {
      roundLast(digits, delta, fraction, one, distance * scale);
      return { digits: digits.join(""), k: k + kappa };
    }
  }
}

const view = new DataView(new ArrayBuffer(8));

/** Decimal digits and exponent of a positive finite double: value = digits * 10^k. */
export function grisuDigits(value: number): { digits: string; k: number } {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const stored = bits & (HIDDEN - 1n);
  const f = biased === 0 ? stored : stored + HIDDEN;
  const e = biased === 0 ? -1074 : biased - 1075;
  const upper = normalized((f << 1n) + 1n, e - 1);
  const below = f === HIDDEN ? { f: (f << 2n) - 1n, e: e - 2 } : { f: (f << 1n) - 1n, e: e - 1 };
  const lower: Scaled = { f: below.f << BigInt(below.e - upper.e), e: upper.e };
  const { power, k } = cachedPower(upper.e);
  const high = times(upper, power);
  const low = times(lower, power);
  const top: Scaled = { f: high.f - 1n, e: high.e };
  return generate(times(normalized(f, e), power), top, top.f - (low.f + 1n), k);
}
