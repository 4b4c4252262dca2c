import type { ObjectHead, ObjectStore } from "./object-store.ts";

/**
 * Whether the next upload would replace what has its key meanwhile: the store overlooks or refuses the condition against it,
 * or has not shown what it does.
 */
export function mayReplace({ conditionalWrites }: Pick<ObjectStore, "conditionalWrites">): boolean {
  return conditionalWrites !== "honored";
}

/**
 * What a HEAD says of a key; and where it says that there is nothing, what a download says. A HEAD's 404 has no words, so it may
 * be that of a proxy in trouble as well as the store's; a download's says what it is that is not there.
 */
export async function lookTwice(
  store: Pick<ObjectStore, "head" | "read">,
  key: string,
  signal: AbortSignal,
): Promise<ObjectHead | undefined> {
  return (await store.head(key, signal)) ?? (await headOfDownload(store, key, signal));
}

/** Nothing of the body is read. */
export async function headOfDownload(
  store: Pick<ObjectStore, "read">,
  key: string,
  signal: AbortSignal,
): Promise<ObjectHead | undefined> {
  const found = await store.read(key, signal);
  found?.body.destroy();
  return found?.head;
}
