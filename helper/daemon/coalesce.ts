/**
 * Work that thousands of causes may ask for at once: it is done by one at a time, and once more for all that came meanwhile.
 * @param work must not reject
 */
export function coalesce(work: () => Promise<void>): () => void {
  let isAtWork = false;
  let isAskedAgain = false;
  const go = async () => {
    isAtWork = true;
    do {
      isAskedAgain = false;
      await work();
    } while (isAskedAgain);
    isAtWork = false;
  };
  return () => {
    if (isAtWork) isAskedAgain = true;
    else void go();
  };
}
