/** Does the work for every item, a few at a time. Rejects with the first error once all that were begun are through. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failed: unknown[] = [];
  const worker = async () => {
    for (let next = iterator.next(); !next.done && failed.length === 0; next = iterator.next()) {
      await work(next.value).catch((error: unknown) => failed.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failed.length > 0) throw failed[0];
}
