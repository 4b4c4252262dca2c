/**
 * Orders strings by their UTF-8 bytes, as S3 lists keys. JavaScript's own `<` orders by UTF-16 units, which puts emoji
 * (surrogate pairs) before U+E000 to U+FFFF; in UTF-8 they come after.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return rank(unitA) - rank(unitB);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
