// Numbers as the reader writes them: the same text that crmdash/i18n.py gives for the same number.
// Money comes as whole ten-thousandths in a BigInt, so that nothing is rounded before it is written.

const MONEY_SCALE = 10_000n;

const magnitude = (n) => (n < 0n ? -n : n);

/** Divide whole numbers; halves go away from zero. `d` is positive. */
function roundedQuotient(n, d) {
  const half = (2n * magnitude(n) + d) / (2n * d);
  return n < 0n ? -half : half;
}

/** Divide whole numbers to the nearest fraction that 64 bits hold, as Python does, however large they are. */
function ratio(a, b) {
  const [n, d] = [BigInt(a), BigInt(b)];
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  if (magnitude(n) <= most && magnitude(d) <= most) return Number(n) / Number(d);
  const bits = (x) => magnitude(x).toString(2).length;
  const shift = Math.max(0, 66 + bits(d) - bits(n));
  const shifted = magnitude(n) << BigInt(shift);
  const quotient = shifted / magnitude(d) | (shifted % magnitude(d) ? 1n : 0n);
  return ((n < 0n) === (d < 0n) ? 1 : -1) * Number(quotient) / 2 ** shift;
}

/** Return a fraction's digits as a whole number and its power of ten, exactly as it is written. */
function writtenDigits(x) {
  const [mantissa, power] = String(x).split("e");
  const [whole, rest = ""] = mantissa.split(".");
  return [BigInt(whole + rest) * (mantissa.startsWith("-") && /^-0*$/.test(whole + rest) ? 0n : 1n), Number(power ?? 0) - rest.length];
}

/** Return the writers of one language. `rules` is what `Wording.number_rules` hands over. */
function numberWriters(rules) {
  /** Write a whole number of 10^-digits. */
  const written = (n, digits) => {
    const text = magnitude(n).toString().padStart(digits + 1, "0");
    const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, rules.group);
    return (n < 0n ? rules.minus : "") + whole + (digits ? rules.decimal + text.slice(-digits) : "");
  };
  const integer = (n) => (n === null || n === undefined ? rules.missing : written(BigInt(n), 0));
  return {
    integer,
    signed: (n) => (n === null || n === undefined ? rules.missing : (n > 0 ? "+" : "") + integer(n)),
    percent(fraction, digits = 1) {
      if (fraction === null || fraction === undefined || !Number.isFinite(fraction)) return rules.missing;
      const [n, power] = writtenDigits(fraction);
      const up = power + 2 + digits;
      return written(up >= 0 ? n * 10n ** BigInt(up) : roundedQuotient(n, 10n ** BigInt(-up)), digits) + "%";
    },
    compactMoney(money) {
      if (money === null || money === undefined) return rules.missing;
      const of = (scale, digits) => roundedQuotient(money * 10n ** BigInt(digits), MONEY_SCALE * scale);
      if (magnitude(of(1n, 0)) < BigInt(rules.compact_from)) {
        const cents = magnitude(money) < BigInt(rules.cents_below) * MONEY_SCALE && money % MONEY_SCALE !== 0n;
        return written(of(1n, cents ? 2 : 0), cents ? 2 : 0);
      }
      let text = "";
      for (const [scale, suffix] of rules.compact) {
        const digits = magnitude(of(BigInt(scale), 2)) < 1000n ? 2 : 1;
        const amount = of(BigInt(scale), digits);
        text = written(amount, digits) + suffix;
        if (magnitude(amount) < BigInt(rules.compact_step) * 10n ** BigInt(digits)) break;
      }
      return text;
    },
  };
}

/** Put values into the placeholders of a sentence; `{{` is a brace. */
const filled = (sentence, values) =>
  sentence.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name) => (name ? String(values[name]) : found[0]));
