/** "1 photo", "48,212 photos". */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${number(count)} ${count === 1 ? noun : plural}`;
}

/** 48212 as "48,212". */
export function number(count: number): string {
  return count.toLocaleString("en-US");
}
