export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The median of the ratios of runs made one after the other: it holds when the machine's speed drifts. */
export function medianRatio(values: number[], base: number[]): number {
  return median(values.map((value, index) => value / (base[index] ?? NaN)));
}
